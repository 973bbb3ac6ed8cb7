import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SlotQueue } from './queue.ts';
import type { Ticket } from './ticket-heap.ts';

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
  queue.release('job 1');
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

interface History {
  readonly slots: number;
  readonly steps: readonly HistoryStep[];
}
type HistoryStep =
  | { readonly do: 'add'; readonly priority: number; readonly reservation: number }
  | { readonly do: 'end'; readonly pick: number }
  | { readonly do: 'withdraw'; readonly pick: number }
  | { readonly do: 'reserve'; readonly reservation: number }
  | { readonly do: 'unreserve'; readonly reservation: number };

const reservationNumber = fc.integer({ min: 0, max: 3 });
const historyStep: fc.Arbitrary<HistoryStep> = fc.oneof(
  fc.record({ do: fc.constant('add' as const), priority: fc.nat(2), reservation: reservationNumber }),
  fc.record({ do: fc.constantFrom('end' as const, 'withdraw' as const), pick: fc.nat(99) }),
  fc.record({
    do: fc.constantFrom('reserve' as const, 'unreserve' as const),
    reservation: reservationNumber,
  }),
);
const history: fc.Arbitrary<History> = fc.record({
  slots: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(historyStep, { maxLength: 120 }),
});

/** A queue beside lists that say the same, with what must hold after every step. */
class Watched {
  readonly queue: SlotQueue;
  readonly running: Ticket[] = [];
  readonly reserved = new Set<string>();
  waiting: Ticket[] = [];
  #order = 0;

  constructor(slots: number) {
    this.queue = new SlotQueue(slots);
  }

  step(next: HistoryStep): void {
    if (next.do === 'add') this.#add(next.priority, next.reservation);
    else if (next.do === 'end') this.#end(next.pick);
    else if (next.do === 'withdraw') this.#withdraw(next.pick);
    else this.#reserve(next.do === 'reserve', `r${next.reservation}`);
    this.serve();
  }

  /** Gives out every slot that can be given, and looks at each. */
  serve(): void {
    for (let taken = this.queue.take(); taken !== undefined; taken = this.queue.take()) {
      const own = taken;
      assert.ok(this.waiting.includes(own), 'who gets a slot waited for it');
      const inReserve = this.#userless(own);
      const passed = this.waiting.filter((other) => other !== own && ranks(other, own));
      if (!inReserve) {
        assert.deepEqual(passed, [], 'nobody of a higher rank is passed over for a common slot');
      }
      this.waiting = this.waiting.filter((other) => other !== own);
      this.running.push(own);
    }
    const { queue } = this;
    assert.ok(queue.taken === this.running.length && queue.taken <= queue.slots, 'never more than the slots');
    const kept = [...this.reserved].filter((id) => queue.userOf(id) === undefined);
    for (const id of kept) {
      const mine = this.waiting.filter((other) => other.reservationId === id);
      assert.ok(mine.length === 0 || queue.taken === queue.slots, 'a reserved slot does not stay empty');
    }
    const free = queue.slots - queue.taken - kept.length;
    assert.ok(free <= 0 || this.waiting.length === 0, 'no slot stays empty while somebody may have it');
  }

  /** The slot of its own reservation was taken for it. */
  #userless({ reservationId, jobId }: Ticket): boolean {
    return reservationId !== undefined && this.queue.userOf(reservationId) === jobId;
  }

  #add(priority: number, reservation: number): void {
    const order = this.#order++;
    const own = { jobId: `job ${order}`, priority, order };
    const added = reservation === 0 ? own : { ...own, reservationId: `r${reservation}` };
    this.waiting.push(added);
    this.queue.add(added);
  }

  #end(pick: number): void {
    const [ended] = this.running.splice(pick % Math.max(1, this.running.length), 1);
    if (ended !== undefined) this.queue.release(ended.jobId);
  }

  #withdraw(pick: number): void {
    const gone = this.waiting[pick % Math.max(1, this.waiting.length)];
    if (gone === undefined) return;
    assert.ok(this.queue.withdraw(gone.jobId));
    this.waiting = this.waiting.filter((other) => other !== gone);
  }

  #reserve(begins: boolean, id: string): void {
    if (begins === this.reserved.has(id) || id === 'r0') return;
    if (begins && this.reserved.size >= this.queue.slots) return;
    if (begins) this.reserved.add(id);
    else this.reserved.delete(id);
    if (begins) this.queue.reserve(id);
    else this.queue.unreserve(id);
  }
}

const ranks = (a: Ticket, b: Ticket): boolean =>
  a.priority > b.priority || (a.priority === b.priority && a.order < b.order);

test('JOB-30: slots are never exceeded, reserved ones are kept for their jobs, and nobody waits for ever', () => {
  fc.assert(
    fc.property(history, ({ slots, steps }) => {
      const watched = new Watched(slots);
      for (const next of steps) watched.step(next);
      // Reservations end by themselves; from then on everybody gets a slot, in order.
      for (const id of [...watched.reserved])
        watched.step({ do: 'unreserve', reservation: Number(id.slice(1)) });
      while (watched.running.length > 0) watched.step({ do: 'end', pick: 0 });
      assert.deepEqual([watched.waiting, watched.queue.depth], [[], 0]);
    }),
    { verbose: true, numRuns: 500 },
  );
});

test('JOB-30: a reservation that is given back while its job runs frees no slot, and one made later waits for one', () => {
  const queue = new SlotQueue(1);
  queue.reserve('r');
  queue.add({ ...ticket('own', 0, 2), reservationId: 'r' });
  queue.add(ticket('other', 100, 1));
  assert.equal(queue.take()?.jobId, 'own');
  queue.unreserve('r');
  assert.equal(queue.take(), undefined);
  queue.reserve('late');
  queue.release('own');
  assert.equal(queue.take(), undefined, 'the free slot is kept for the reservation');
  queue.unreserve('late');
  assert.equal(queue.take()?.jobId, 'other');
});
