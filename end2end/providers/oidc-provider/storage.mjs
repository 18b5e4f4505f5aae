// Storage of oidc-provider for this process. Its own in-memory storage ends with the provider object, that is, with each change of
// settings.

const rows = new Map();

export class Storage {
  constructor(model) {
    this.model = model;
  }

  async upsert(id, payload, expiresIn) {
    rows.set(`${this.model}:${id}`, { model: this.model, payload, expires: Date.now() + (expiresIn ?? Infinity) * 1_000 });
  }

  async find(id) {
    const row = rows.get(`${this.model}:${id}`);
    return row && row.expires > Date.now() ? row.payload : undefined;
  }

  async findByUid(uid) {
    for (const { model, payload } of rows.values()) if (model === this.model && payload.uid === uid) return payload;
  }

  /** Only the device flow, which is off, has user codes. */
  async findByUserCode() {}

  async consume(id) {
    const payload = await this.find(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
  }

  async destroy(id) {
    rows.delete(`${this.model}:${id}`);
  }

  async revokeByGrantId(grantId) {
    for (const [key, { payload }] of rows) if (payload.grantId === grantId) rows.delete(key);
  }
}
