import { test } from 'node:test';
import { openRestDoor } from '../testing/open-rest-door.ts';
import { assertTranscript, transcript } from '../testing/transcript.ts';

test('SEC-3, SEC-5, DOOR-13: making, listing and ending tokens over REST, byte for byte', async (t) => {
  const { app } = await openRestDoor(t);
  const url = '/api/v1/tokens';
  const steps = await transcript(app, [
    { title: 'who am I', method: 'GET', url: '/api/v1/identity' },
    {
      title: 'a token for a notebook',
      method: 'POST',
      url,
      body: { name: 'notebook', subject: 'ana', roles: ['user'], scopes: ['jobs:read'], ttl_seconds: 3600 },
    },
    { title: 'one with every default', method: 'POST', url, body: {} },
    { title: 'list them', method: 'GET', url },
    { title: 'end the first', method: 'DELETE', url: `${url}/aaaaaaaaaaaaaaab` },
    { title: 'list the ended too', method: 'GET', url: `${url}?include_ended=true` },
    { title: 'end one that is not there', method: 'DELETE', url: `${url}/none` },
    { title: 'a role that is none', method: 'POST', url, body: { roles: ['root'] } },
    { title: 'a scope that is none', method: 'POST', url, body: { scopes: ['jobs:*'] } },
    { title: 'for another tenant', method: 'POST', url, body: { tenant_id: 'umbrella' } },
    { title: 'for ever', method: 'POST', url, body: { ttl_seconds: 0 } },
    { title: 'a field that is misspelt', method: 'POST', url, body: { role: 'admin' } },
    {
      title: 'another project',
      method: 'GET',
      url: '/api/v1/identity',
      headers: { 'x-eigen-project': 'beta' },
    },
    {
      title: 'another tenant',
      method: 'GET',
      url: '/api/v1/identity',
      headers: { 'x-eigen-tenant': 'umbrella' },
    },
  ]);
  assertTranscript('tokens', steps);
});
