import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Consumers by remote control. A line is "call consumer operation argument…", its answer "call
 * result": what the operation returned or the name of its exception, then what callbacks it made.
 */
public class ConsumerServer {
  static final PrintStream OUT = System.out;

  public static void main(String[] args) throws Exception {
    Map<String, Remote> consumers = new ConcurrentHashMap<>();
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    OUT.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      Remote remote = consumers.computeIfAbsent(words[1], name -> new Remote());
      List<String> rest = Arrays.asList(words).subList(3, words.length);
      // The one call that may come in between.
      if (words[2].equals("wakeup")) {
        remote.consumer.wakeup();
        answer(words[0], "ok");
      } else remote.thread.submit(() -> answer(words[0], remote.call(words[2], rest)));
    }
    System.exit(0);
  }

  static synchronized void answer(String call, String result) {
    OUT.println(call + " " + result);
    OUT.flush();
  }

  static class Remote implements ConsumerRebalanceListener {
    final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
      Thread made = new Thread(task);
      made.setDaemon(true);
      return made;
    });
    KafkaConsumer<byte[], byte[]> consumer;
    String topic;
    final List<String> callbacks = new ArrayList<>();

    String call(String operation, List<String> args) {
      String result;
      try {
        result = run(operation, args);
      } catch (Throwable error) {
        result = error.getClass().getSimpleName();
      }
      String told = String.join("; ", callbacks);
      callbacks.clear();
      return told.isEmpty() ? result : result + " | " + told;
    }

    String run(String operation, List<String> args) throws Exception {
      switch (operation) {
        case "new": {
          Properties settings = new Properties();
          topic = args.get(0);
          for (String setting : args.subList(1, args.size())) {
            int at = setting.indexOf('=');
            settings.put(setting.substring(0, at), setting.substring(at + 1));
          }
          consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
          return "ok";
        }
        case "subscribe":
          consumer.subscribe(List.of(topic), this);
          return "ok";
        case "assign":
          consumer.assign(partitions(args));
          return "ok";
        case "poll": {
          Map<Integer, List<Long>> found = new TreeMap<>();
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(Long.parseLong(args.get(0)))))
            found.computeIfAbsent(record.partition(), each -> new ArrayList<>()).add(record.offset());
          return found.entrySet().stream()
              .map(each -> each.getKey() + ":" + each.getValue().stream().map(String::valueOf).collect(Collectors.joining(",")))
              .collect(Collectors.joining(" "));
        }
        case "commitSync":
          if (args.isEmpty()) consumer.commitSync();
          else consumer.commitSync(offsets(args));
          return "ok";
        case "commitAsync":
          consumer.commitAsync(
              (offsets, error) -> callbacks.add("committed " + (error == null ? "ok" : error.getClass().getSimpleName())));
          return "ok";
        case "seek":
          consumer.seek(at(args.get(0)), Long.parseLong(args.get(1)));
          return "ok";
        case "seekToBeginning":
          consumer.seekToBeginning(partitions(args));
          return "ok";
        case "seekToEnd":
          consumer.seekToEnd(partitions(args));
          return "ok";
        case "position":
          return String.valueOf(consumer.position(at(args.get(0)), Duration.ofSeconds(5)));
        case "committed":
          return consumer.committed(new java.util.HashSet<>(partitions(args)), Duration.ofSeconds(5)).entrySet().stream()
              .map(each -> each.getKey().partition() + "=" + (each.getValue() == null ? "none" : each.getValue().offset()))
              .sorted().collect(Collectors.joining(" "));
        case "pause":
          consumer.pause(partitions(args));
          return "ok";
        case "resume":
          consumer.resume(partitions(args));
          return "ok";
        case "paused":
          return shown(consumer.paused());
        case "assignment":
          return shown(consumer.assignment());
        case "beginningOffsets":
          return numbers(consumer.beginningOffsets(partitions(args), Duration.ofSeconds(5)));
        case "endOffsets":
          return numbers(consumer.endOffsets(partitions(args), Duration.ofSeconds(5)));
        case "offsetsForTimes": {
          Map<TopicPartition, Long> times = new HashMap<>();
          times.put(at(args.get(0)), Long.parseLong(args.get(1)));
          return consumer.offsetsForTimes(times, Duration.ofSeconds(5)).values().stream()
              .map(each -> each == null ? "none" : String.valueOf(each.offset()))
              .collect(Collectors.joining(" "));
        }
        case "lag":
          return String.valueOf(consumer.currentLag(at(args.get(0))).orElse(-1));
        case "member":
          return consumer.groupMetadata().generationId() < 0 ? "none" : "member";
        case "unsubscribe":
          consumer.unsubscribe();
          return "ok";
        case "close":
          consumer.close(Duration.ofSeconds(5));
          return "ok";
        default:
          return "no operation " + operation;
      }
    }

    TopicPartition at(String partition) {
      return new TopicPartition(topic, Integer.parseInt(partition));
    }

    List<TopicPartition> partitions(List<String> args) {
      return args.stream().map(this::at).collect(Collectors.toList());
    }

    Map<TopicPartition, OffsetAndMetadata> offsets(List<String> args) {
      Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
      for (String each : args) {
        String[] parts = each.split("=");
        offsets.put(at(parts[0]), new OffsetAndMetadata(Long.parseLong(parts[1])));
      }
      return offsets;
    }

    static String shown(Collection<TopicPartition> partitions) {
      return partitions.stream().map(TopicPartition::partition).sorted().map(String::valueOf).collect(Collectors.joining(","));
    }

    static String numbers(Map<TopicPartition, Long> offsets) {
      return offsets.entrySet().stream()
          .map(each -> each.getKey().partition() + "=" + each.getValue()).sorted().collect(Collectors.joining(" "));
    }

    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      callbacks.add("assigned " + shown(partitions));
    }

    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      callbacks.add("revoked " + shown(partitions));
    }

    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      callbacks.add("lost " + shown(partitions));
    }
  }
}
