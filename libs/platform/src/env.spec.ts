import { describe, expect, it } from 'vitest';
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

  it('reads lists written with commas', () => {
    expect(commaList.parse(' a, b ,,c')).toEqual(['a', 'b', 'c']);
  });
});
