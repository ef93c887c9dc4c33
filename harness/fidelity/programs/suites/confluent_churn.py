"""
Sixteen members of one group that come and go: nothing is lost, nothing is handled twice but for what was taken away,
no partition has two owners, and everything is committed in the end.
"""
import random
import sys
import threading
import time
import uuid

from confluent_kafka import Consumer, TopicPartition

from confluent_common import fill, new_topic, settings

PARTITIONS, RECORDS, MEMBERS, LIMIT_S = 12, 20000, 16, 300
bootstrap, protocol = sys.argv[1:3]
topic, group = new_topic(bootstrap, PARTITIONS), f"g-{uuid.uuid4().hex[:8]}"
fill(bootstrap, topic, RECORDS)

lock = threading.Lock()
owners, seen, problems, lost = {}, {}, [], [0]
done = threading.Event()


class Member(threading.Thread):
    def __init__(self, number):
        super().__init__(daemon=True)
        self.number, self.leaving, self.ahead = number, threading.Event(), {}

    def commit(self, consumer, partitions=None):
        chosen = [p for p in self.ahead if partitions is None or p in partitions]
        if chosen:
            consumer.commit(offsets=[TopicPartition(topic, p, self.ahead[p]) for p in chosen], asynchronous=False)
        for p in chosen:
            del self.ahead[p]

    def assigned(self, consumer, partitions):
        with lock:
            for p in partitions:
                other = owners.get(p.partition)
                if other is not None and other != self.number:
                    problems.append(f"partition {p.partition} has two owners, {other} and {self.number}")
                owners[p.partition] = self.number

    def revoked(self, consumer, partitions):
        self.commit(consumer, {p.partition for p in partitions})
        self.give_up(partitions)

    def given_up_too_late(self, consumer, partitions):
        with lock:
            lost[0] += 1
        for p in partitions:
            self.ahead.pop(p.partition, None)
        self.give_up(partitions)

    def give_up(self, partitions):
        with lock:
            for p in partitions:
                if owners.get(p.partition) == self.number:
                    del owners[p.partition]

    def run(self):
        consumer = Consumer(settings(bootstrap, group, protocol, self.number))
        consumer.subscribe([topic], on_assign=self.assigned, on_revoke=self.revoked, on_lost=self.given_up_too_late)
        try:
            while not (self.leaving.is_set() or done.is_set()):
                for message in consumer.consume(50, 0.1):
                    if message.error() is not None:
                        raise RuntimeError(str(message.error()))
                    with lock:
                        place = (message.partition(), message.offset())
                        seen[place] = seen.get(place, 0) + 1
                    self.ahead[message.partition()] = message.offset() + 1
                self.commit(consumer)
                time.sleep(0.02)
        except Exception as error:  # a member that fails is a finding
            with lock:
                problems.append(f"member {self.number}: {error}")
        finally:
            consumer.close()


members = [Member(number) for number in range(MEMBERS)]
waiting, running = list(members), []
dice, end = random.Random(1), time.time() + LIMIT_S
while time.time() < end and len(seen) < RECORDS:
    if waiting and (len(running) < 4 or dice.random() < 0.5):
        member = waiting.pop()
        member.start()
        running.append(member)
    elif len(running) > 3:
        member = running.pop(dice.randrange(len(running)))
        member.leaving.set()
    time.sleep(0.7)
done.set()
for member in members:
    if member.ident is not None:
        member.join(60)

twice = sum(1 for count in seen.values() if count > 1)
if len(seen) < RECORDS:
    problems.append(f"{RECORDS - len(seen)} of {RECORDS} records were not seen")
if twice > 0 and lost[0] == 0:
    problems.append(f"{twice} records were seen twice, and nobody lost its partitions")
checker = Consumer({"bootstrap.servers": bootstrap, "group.id": group})
places = checker.committed([TopicPartition(topic, p) for p in range(PARTITIONS)], timeout=30)
total = sum(p.offset for p in places if p.offset > 0)
checker.close()
if total != RECORDS:
    problems.append(f"{total} of {RECORDS} are committed")
print(f"{len(seen)} of {RECORDS} seen, {twice} twice, {lost[0]} lost partitions, {total} committed")
for problem in problems[:10]:
    print(problem)
sys.exit(1 if problems else 0)
