import java.time.Duration;
import java.util.*;
import java.util.stream.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.*;
import org.apache.kafka.streams.kstream.*;
import org.apache.kafka.streams.state.*;

/** Counts words with exactly_once_v2: create, produce, count (until it is killed), check. */
public class WordCount {
  static final int WORDS = 40, RECORDS = 14_300, PARTITIONS = 4;
  static final String SOURCE = "words", TARGET = "counts";

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "create" -> create(args[1]);
      case "produce" -> produce(args[1]);
      case "count" -> count(args[1], args[2]);
      default -> check(args[1]);
    }
  }

  static Properties properties(String bootstrap) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", bootstrap);
    return properties;
  }

  static void create(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(properties(bootstrap))) {
      admin.createTopics(Stream.of(SOURCE, TARGET).map(name -> new NewTopic(name, PARTITIONS, (short) 1)).toList())
        .all().get();
    }
  }

  static void produce(String bootstrap) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(properties(bootstrap), new StringSerializer(), new StringSerializer())) {
      for (int number = 0; number < RECORDS; number++) {
        producer.send(new ProducerRecord<>(SOURCE, null, "word-" + number % WORDS));
        if (number % 100 == 0) Thread.sleep(250);
      }
    }
  }

  static void count(String bootstrap, String state) throws Exception {
    Properties properties = properties(bootstrap);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "word-count");
    properties.put(StreamsConfig.STATE_DIR_CONFIG, state);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 200);
    properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    properties.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 8_000);
    properties.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1_000);
    properties.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    properties.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 10_000);
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(SOURCE, Consumed.with(Serdes.String(), Serdes.String()))
      .groupBy((key, word) -> word, Grouped.with(Serdes.String(), Serdes.String()))
      .count(Materialized.<String, Long>as(Stores.inMemoryKeyValueStore("store")))
      .toStream()
      .to(TARGET, Produced.with(Serdes.String(), Serdes.Long()));
    KafkaStreams streams = new KafkaStreams(builder.build(), properties);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
    streams.start();
    Thread.currentThread().join();
  }

  static void check(String bootstrap) throws Exception {
    Map<String, Long> counts = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    long total = 0, end = System.currentTimeMillis() + 240_000;
    Properties properties = properties(bootstrap);
    properties.put("isolation.level", "read_committed");
    try (KafkaConsumer<String, Long> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new LongDeserializer())) {
      List<TopicPartition> all = IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TARGET, p)).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long quiet = Long.MAX_VALUE;
      while (System.currentTimeMillis() < Math.min(end, quiet)) {
        for (ConsumerRecord<String, Long> each : consumer.poll(Duration.ofMillis(500))) {
          long before = counts.getOrDefault(each.key(), 0L);
          if (each.value() != before + 1) problems.add(each.key() + ": " + each.value() + " after " + before);
          counts.put(each.key(), each.value());
          total++;
        }
        // A little longer, in case that something comes twice.
        if (total >= RECORDS && quiet == Long.MAX_VALUE) quiet = System.currentTimeMillis() + 3_000;
      }
    }
    for (int word = 0; word < WORDS; word++) {
      long expected = RECORDS / WORDS + (word < RECORDS % WORDS ? 1 : 0);
      Long counted = counts.get("word-" + word);
      if (counted == null || counted != expected) problems.add("word-" + word + ": " + counted + " of " + expected);
    }
    System.out.println(total + " of " + RECORDS + " counted, " + counts.size() + " of " + WORDS + " words");
    problems.stream().limit(10).forEach(System.out::println);
    System.exit(problems.isEmpty() && total == RECORDS ? 0 : 1);
  }
}
