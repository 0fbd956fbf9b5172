import { describe, expect, it } from 'vitest';
import { busPermissions } from './bus-permissions.ts';
import { allContracts } from './contracts.ts';
import { apps, programs, services } from './contract.ts';

describe('what a program may do on the bus', () => {
  it('is to call what names it a caller, and no more', () => {
    expect(busPermissions('product').publish).toEqual([
      'order.resolve',
      '$SRV.PING.order',
      '$SRV.STATS.order',
      'catalogue.changed',
      'bus.tapped',
    ]);
    expect(busPermissions('user').publish).toEqual(['user.revoked', 'bus.tapped']);
    expect(busPermissions('gateway').publish).not.toContain('product.reserve');
    expect(busPermissions('gateway').publish).toContain('order.place');
  });

  it('is to answer its own calls, in its queue group alone', () => {
    for (const { subject, service } of allContracts) {
      const subscribers = programs.filter((each) => busPermissions(each).subscribe.includes(`${subject} ${service}`));
      expect(subscribers, subject).toEqual([service]);
    }
  });

  it('is to read its own replies and nobody else’s', () => {
    for (const program of apps) {
      const inboxes = busPermissions(program).subscribe.filter((subject) => subject.startsWith('_INBOX'));
      expect(inboxes).toEqual([`_INBOX.${program}.>`]);
    }
  });

  it('is, for the operator, to hear all, to call all, to ask for what only an operator may, and to answer nothing', () => {
    const { publish, subscribe, responds } = busPermissions('operator');
    expect(subscribe).toEqual(['>']);
    expect(publish).toEqual([
      ...allContracts.map(({ subject }) => subject),
      'bus.tap',
      'bus.drain',
      'bus.logLevel',
      '$SRV.>',
    ]);
    expect(responds).toBe(false);
  });

  it('is to answer only for those who handle something', () => {
    const answering = programs.filter((program) => busPermissions(program).responds);
    expect(answering).toEqual(services);
  });
});
