"""
Workers that read, write and commit in transactions (KIP-447), abort one in seven, and one of which is fenced: what is read
committed has each record of the input once.
"""
import random
import sys
import threading
import time
import uuid

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition

from confluent_common import fill, new_topic, settings

PARTITIONS, RECORDS, WORKERS, LIMIT_S = 6, 6000, 6, 300
bootstrap, protocol = sys.argv[1:3]
source, target = new_topic(bootstrap, PARTITIONS), new_topic(bootstrap, PARTITIONS)
group = f"g-{uuid.uuid4().hex[:8]}"
fill(bootstrap, source, RECORDS)
problems, fenced, done = [], [], threading.Event()


def transactional(number):
    producer = Producer(
        {"bootstrap.servers": bootstrap, "transactional.id": f"{group}-{number}", "transaction.timeout.ms": 30000}
    )
    producer.init_transactions(60)
    return producer


def again(call):
    """Until it is not to be repeated any more."""
    while True:
        try:
            return call()
        except KafkaException as error:
            if not error.args[0].retriable():
                raise
            time.sleep(0.1)


class Worker(threading.Thread):
    def __init__(self, number, name):
        super().__init__(daemon=True)
        self.number, self.id = number, name

    def run(self):
        dice = random.Random(self.number)
        consumer = Consumer(settings(bootstrap, group, protocol, self.number))
        try:
            producer = transactional(self.id)
            consumer.subscribe([source])
            while not done.is_set():
                batch = [m for m in consumer.consume(40, 0.2) if m.error() is None]
                if batch:
                    self.transact(consumer, producer, batch, dice.random() < 0.15)
        except KafkaException as error:
            code = error.args[0].code()
            if code in (KafkaError._FENCED, KafkaError.PRODUCER_FENCED, KafkaError.INVALID_PRODUCER_EPOCH):
                fenced.append(self.number)
            else:
                problems.append(f"worker {self.number}: {error}")
        finally:
            consumer.close()

    def transact(self, consumer, producer, batch, aborts):
        producer.begin_transaction()
        try:
            for message in batch:
                producer.produce(target, key=message.key(), value=message.value())
            positions = consumer.position(consumer.assignment())
            again(lambda: producer.send_offsets_to_transaction(positions, consumer.consumer_group_metadata(), 30))
            if not aborts:
                again(lambda: producer.commit_transaction(30))
                return
        except KafkaException as error:
            if error.args[0].fatal() or not error.args[0].txn_requires_abort():
                raise
        again(lambda: producer.abort_transaction(30))
        assignment = consumer.assignment()
        for place in again(lambda: consumer.committed(assignment, timeout=30)):
            place.offset = max(place.offset, 0)
            try:
                consumer.seek(place)
            except KafkaException:
                pass  # it was taken away meanwhile: whoever has it now begins at what is committed


def committed_values():
    reader = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": f"{group}-r", "isolation.level": "read_committed"}
    )
    reader.assign([TopicPartition(target, p, 0) for p in range(PARTITIONS)])
    values, end = [], time.time() + LIMIT_S
    while time.time() < end and len(set(values)) < RECORDS:
        values += [m.value() for m in reader.consume(500, 0.5) if m.error() is None]
    quiet = time.time() + 3
    while time.time() < quiet:
        values += [m.value() for m in reader.consume(500, 0.5) if m.error() is None]
    reader.close()
    return values


workers = [Worker(number, number) for number in range(WORKERS)]
for worker in workers:
    worker.start()
time.sleep(4)
usurper = Worker(WORKERS, 0)
usurper.start()
values = committed_values()
done.set()
for worker in [*workers, usurper]:
    worker.join(60)
if len(set(values)) != RECORDS:
    problems.append(f"{RECORDS - len(set(values))} of {RECORDS} are missing")
if len(values) != len(set(values)):
    problems.append(f"{len(values) - len(set(values))} came twice")
if fenced != [0]:
    problems.append(f"fenced: {fenced}, not worker 0 alone")
print(f"{len(set(values))} of {RECORDS}, {len(values) - len(set(values))} twice, fenced {fenced}")
for problem in problems[:10]:
    print(problem)
sys.exit(1 if problems else 0)
