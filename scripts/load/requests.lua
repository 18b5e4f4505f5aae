-- Makes the requests of one load for wrk; `load` in lib.mjs says which, in the environment:
--   LOAD_METHOD, LOAD_PATH, LOAD_BODY: each `%s` in path and body becomes a value, another one for every request
--   LOAD_VALUES: a file with a value a line, used over and over; without it the values are "1", "2", ...
--   LOAD_LIMIT: after so many answers "enough" is printed; the program that started wrk may then end it
local method, path, body = os.getenv("LOAD_METHOD"), os.getenv("LOAD_PATH"), os.getenv("LOAD_BODY")
local headers = { ["Authorization"] = "Bearer " .. os.getenv("LOAD_KEY") }
if body then headers["Content-Type"] = "application/scim+json" end

local values = nil
if os.getenv("LOAD_VALUES") then
    values = {}
    for line in io.lines(os.getenv("LOAD_VALUES")) do values[#values + 1] = line end
end

local function make(value)
    local function with(text) return (text:gsub("%%s", function() return value end)) end
    return wrk.format(method, with(path), headers, body and with(body))
end

-- What is read again and again is made before the load begins, so that making it takes nothing from the server.
local made = {}
if values and not body then
    for at, value in ipairs(values) do made[at] = make(value) end
end

local n = 0
request = function()
    n = n + 1
    if not values then return make(tostring(n)) end
    local at = (n - 1) % #values + 1
    return made[at] or make(values[at])
end

local limit = tonumber(os.getenv("LOAD_LIMIT") or "")
if limit then
    local answers = 0
    response = function()
        answers = answers + 1
        if answers == limit then
            wrk.thread:stop()
            print("enough")
            io.flush()
        end
    end
end
