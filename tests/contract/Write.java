import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes as test_rows_are_records.py says: a partition for each codec, the last one in transactions. */
class Write {
    static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    static final int RECORDS = 500;

    public static void main(String[] words) {
        for (String codec : CODECS) {
            try (var producer = producer(words[0], codec, null)) {
                for (int number = 0; number < RECORDS; number++) {
                    producer.send(record(words[1], CODECS.indexOf(codec), number));
                }
            }
        }
        try (var one = producer(words[0], "lz4", words[1] + "one"); var two = producer(words[0], "none", words[1] + "two")) {
            one.initTransactions();
            two.initTransactions();
            for (int round = 0; round < 3; round++) {
                one.beginTransaction();
                two.beginTransaction();
                for (int number = 0; number < 10; number++) {
                    one.send(record(words[1], CODECS.size(), number));
                    two.send(record(words[1], CODECS.size(), number));
                }
                one.flush();
                if (round == 1) {
                    one.abortTransaction();
                } else {
                    one.commitTransaction();
                }
                two.flush();
                two.abortTransaction();
            }
        }
    }

    static KafkaProducer<byte[], byte[]> producer(String brokers, String codec, String transactions) {
        var settings = new Properties();
        settings.put("bootstrap.servers", brokers);
        settings.put("compression.type", codec);
        if (transactions != null) {
            settings.put("transactional.id", transactions);
        }
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static ProducerRecord<byte[], byte[]> record(String topic, int partition, int number) {
        byte[] key = number % 7 == 1 ? null : ("key " + number).getBytes(StandardCharsets.UTF_8);
        byte[] value = number % 7 == 0 ? null : ("value " + number).repeat(number % 40).getBytes(StandardCharsets.UTF_8);
        List<Header> headers = number % 5 == 0 ? List.of(new RecordHeader("h", null), new RecordHeader("é", new byte[200])) : List.of();
        return new ProducerRecord<>(topic, partition, key, value, headers);
    }
}
