import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commaList, EnvError, mongoUrl, parseEnv, serviceEnv } from './env.ts';

const schema = serviceEnv.extend({ MONGODB_URL: mongoUrl });
const good = { PORT: '3001', MONGODB_URL: 'mongodb://127.0.0.1/user' };

describe('parseEnv', () => {
  it('reads what is set and fills in what is not', () => {
    expect(parseEnv(schema, good)).toMatchObject({ PORT: 3001, HOST: '127.0.0.1', NODE_ENV: 'production' });
  });

  it('takes an empty variable for one that is not set', () => {
    expect(parseEnv(schema, { ...good, HOST: '' }).HOST).toBe('127.0.0.1');
  });

  it('names every variable that is missing or wrong, and shows no value', () => {
    const start = () => parseEnv(schema, { PORT: '99999', MONGODB_URL: 'postgres://user:hunter2@host' });
    expect(start).toThrow(EnvError);
    expect(start).toThrow(/PORT[\s\S]*MONGODB_URL/);
    expect(start).not.toThrow(/hunter2/);
  });

  describe('of a secret in a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'souk-env-')), 'mongodb-url');
    writeFileSync(file, `${good.MONGODB_URL}\n`);
    afterAll(() => rmSync(dirname(file), { recursive: true }));

    it('takes what the file says, without its last line break', () => {
      expect(parseEnv(schema, { PORT: '3001', MONGODB_URL_FILE: file }).MONGODB_URL).toBe(good.MONGODB_URL);
    });

    it('names the variable where there is no such file, and where the secret is set as well', () => {
      const missing = () => parseEnv(schema, { PORT: '3001', MONGODB_URL_FILE: `${file}.gone` });
      expect(missing).toThrow(/MONGODB_URL_FILE: ENOENT/);
      expect(() => parseEnv(schema, { ...good, MONGODB_URL_FILE: file })).toThrow(
        /MONGODB_URL_FILE: MONGODB_URL is set/,
      );
    });

    it('leaves the files of others alone', () => {
      expect(parseEnv(schema, { ...good, SSL_CERT_FILE: '/nowhere' })).not.toHaveProperty('SSL_CERT');
    });
  });

  it.each([
    'mongodb://user:pass@one:27017,two:27017,three:27017/souk_user?replicaSet=rs0&authSource=admin',
    'mongodb+srv://user:pass@cluster0.ab1cd.mongodb.net/souk_user?retryWrites=true&w=majority',
  ])('takes the URL of a replica set and of Atlas: %s', (url) => {
    expect(mongoUrl.parse(url)).toBe(url);
  });

  it('reads lists written with commas', () => {
    expect(commaList.parse(' a, b ,,c')).toEqual(['a', 'b', 'c']);
  });
});
