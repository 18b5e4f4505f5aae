// The options of the command line.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "3100" },
    http: { type: "boolean", default: false },
    rollcall: { type: "string", default: "http://localhost:3000" },
    people: { type: "string", default: new URL("people.json", import.meta.url).pathname },
    folder: { type: "string", default: new URL("../../.tools/demo-provider", import.meta.url).pathname },
  },
});

export const { folder, http } = values;
export const port = Number(values.port);
/** The origin of Rollcall, as browsers see it. */
export const rollcall = new URL(values.rollcall).origin;
export const issuer = `${http ? "http" : "https"}://localhost:${port}`;
/** Name and email of each person. The email's local part and host are the subject. */
export const people = JSON.parse(readFileSync(values.people, "utf8")).map((person) => ({ ...person, subject: person.email }));
