import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SlotQueue, type Ticket } from './queue.ts';

const ticket = (jobId: string, priority: number, order: number): Ticket => ({ jobId, priority, order });

test('JOB-11: higher priority goes first, then the order of acceptance', () => {
  const queue = new SlotQueue(10);
  for (const each of [ticket('d', 10, 1), ticket('b', 50, 2), ticket('c', 50, 3), ticket('a', 90, 4)])
    queue.add(each);
  assert.deepEqual([queue.position('a'), queue.position('d'), queue.position('e')], [0, 3, undefined]);
  const order = [queue.take(), queue.take(), queue.take(), queue.take(), queue.take()];
  assert.deepEqual(
    order.map((each) => each?.jobId),
    ['a', 'b', 'c', 'd', undefined],
  );
});

test('JOB-11: no more slots are taken than there are, and one given back is taken again', () => {
  const queue = new SlotQueue(2);
  for (const order of [1, 2, 3]) queue.add(ticket(`job ${order}`, 50, order));
  assert.deepEqual([queue.take()?.jobId, queue.take()?.jobId, queue.take()], ['job 1', 'job 2', undefined]);
  assert.deepEqual([queue.depth, queue.taken], [1, 2]);
  queue.release();
  assert.equal(queue.take()?.jobId, 'job 3');
});

type Step = { readonly add: number } | { readonly withdraw: number } | { readonly take: true };

test('any history gives the order that a sorted list would give', () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ add: fc.nat(4) }),
    fc.record({ withdraw: fc.nat(40) }),
    fc.record({ take: fc.constant(true as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new SlotQueue(Number.MAX_SAFE_INTEGER);
      let naive: Ticket[] = [];
      let order = 0;
      for (const next of steps) {
        if ('add' in next) {
          const added = ticket(`job ${order}`, next.add, order);
          order += 1;
          queue.add(added);
          naive.push(added);
        } else if ('withdraw' in next) {
          const jobId = `job ${next.withdraw}`;
          assert.equal(
            queue.withdraw(jobId),
            naive.some((each) => each.jobId === jobId),
          );
          naive = naive.filter((each) => each.jobId !== jobId);
        } else {
          const [first] = naive.toSorted((a, b) => b.priority - a.priority || a.order - b.order);
          assert.deepEqual(queue.take(), first);
          naive = naive.filter((each) => each !== first);
        }
        assert.equal(queue.depth, naive.length);
      }
    }),
    { verbose: true },
  );
});

test('a job that was withdrawn may come back', () => {
  const queue = new SlotQueue(5);
  queue.add(ticket('a', 50, 1));
  queue.withdraw('a');
  queue.add(ticket('a', 50, 1));
  assert.deepEqual([queue.take()?.jobId, queue.take()], ['a', undefined]);
});
