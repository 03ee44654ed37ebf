// Verifies the signatures named on standard input, a JSON array of
//
//	{"form": "json" | "compact" | "jwt", "file": PATH, "key": SPKI in PEM, "alg": NAME, "crit": [NAME]}
//
// and writes a JSON array of {"payload": BASE64, "header": OBJECT} or {"error": TEXT}. The payload of a
// jwt is its claims set.
import { readFileSync } from 'node:fs';
import { compactVerify, flattenedVerify, generalVerify, importSPKI, jwtVerify } from 'jose';

const forms = {
  json: (text, key, options) => {
    const jws = JSON.parse(text);
    return 'signatures' in jws ? generalVerify(jws, key, options) : flattenedVerify(jws, key, options);
  },
  compact: compactVerify,
  jwt: async (text, key, options) => {
    const { payload, protectedHeader } = await jwtVerify(text, key, options);
    return { payload: Buffer.from(JSON.stringify(payload)), protectedHeader };
  },
};

async function verify({ form, file, key, alg, crit = [] }) {
  const options = { algorithms: [alg], crit: Object.fromEntries(crit.map((name) => [name, true])) };
  try {
    const { payload, protectedHeader } = await forms[form](readFileSync(file, 'utf8'), await importSPKI(key, alg), options);
    return { payload: Buffer.from(payload).toString('base64'), header: protectedHeader };
  } catch (err) {
    return { error: `${err.code ?? err.name}: ${err.message}` };
  }
}

const requests = JSON.parse(readFileSync(0, 'utf8'));
process.stdout.write(JSON.stringify(await Promise.all(requests.map(verify))));
