"""What both programs on confluent-kafka share: settings of members, topics, records."""
import uuid

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, NewTopic

GROUP_PROTOCOLS = {
    "range": {"partition.assignment.strategy": "range"},
    "cooperative": {"partition.assignment.strategy": "cooperative-sticky"},
    "static": {"partition.assignment.strategy": "range"},
    "consumer-uniform": {"group.protocol": "consumer", "group.remote.assignor": "uniform"},
    "consumer-range": {"group.protocol": "consumer", "group.remote.assignor": "range"},
}


def settings(bootstrap, group, protocol, number):
    """Of the member of this number."""
    conf = {
        "bootstrap.servers": bootstrap,
        "group.id": group,
        "client.id": f"member-{number}",
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
        **GROUP_PROTOCOLS[protocol],
    }
    if not protocol.startswith("consumer"):
        conf.update({"session.timeout.ms": 20000, "heartbeat.interval.ms": 300})
    if protocol == "static":
        conf["group.instance.id"] = f"instance-{number}"
    return conf


def new_topic(bootstrap, partitions):
    name = f"t-{uuid.uuid4().hex[:8]}"
    # Held until the answers are there: one that is collected takes them with it.
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.create_topics([NewTopic(name, num_partitions=partitions, replication_factor=1)]).values():
        future.result(30)
    return name


def fill(bootstrap, topic, records):
    """Numbered records; returns when all are acknowledged."""
    producer = Producer({"bootstrap.servers": bootstrap, "linger.ms": 20})
    for number in range(records):
        producer.produce(topic, key=str(number), value=str(number))
        if number % 1000 == 0:
            producer.poll(0)
    left = producer.flush(60)
    assert left == 0, f"{left} records were not acknowledged"
