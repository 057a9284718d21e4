package io.shendeng.examples;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/** Publishes two sightings, one in a message of its own and one in a batch, as a carrier does. */
public final class Carrier {
  private static final int EPOCH = 1;

  public static void main(String[] args) throws IOException {
    byte[] key = HexFormat.of().parseHex(environment("PSEUDONYM_KEY", ""));
    if (key.length != 32) {
      throw new IllegalArgumentException("PSEUDONYM_KEY: expected 64 hex digits");
    }
    String topic = environment("SHENDENG_TOPIC_PREFIX", "") + "location-events.mobile";
    byte[] phone = pseudonym("+8613800138000", key);
    long now = Instant.now().toEpochMilli();

    GenericRecord event = record("LocationEvent", Map.of(
        "phone", fixed("LocationEvent", phone), "cell", "460-0-1-0", "seen_at", now));
    GenericRecord batch = record("LocationBatch", Map.of(
        "phones", ByteBuffer.wrap(phone),
        "cells", List.of("460-0-1-1"),
        "cell", List.of(0),
        "seen_at", List.of(now - 900_000)));

    Map<String, Object> settings = Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, environment("SHENDENG_KAFKA_BROKERS", "localhost:9092"),
        ProducerConfig.ACKS_CONFIG, "all");
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      var sent = List.of(
          producer.send(new ProducerRecord<>(topic, phone, bytes(event))),
          producer.send(new ProducerRecord<>(topic, phone, bytes(batch))));
      producer.flush();
      for (var one : sent) {
        one.get();
      }
    } catch (InterruptedException | java.util.concurrent.ExecutionException error) {
      throw new IOException("not acknowledged", error);
    }
  }

  /** One byte of key epoch and 15 of keyed BLAKE2b over the number in E.164. */
  static byte[] pseudonym(String number, byte[] key) {
    Blake2bDigest digest = new Blake2bDigest(key, 15, null, null);
    byte[] text = number.getBytes(StandardCharsets.US_ASCII);
    digest.update(text, 0, text.length);
    byte[] found = new byte[16];
    found[0] = EPOCH;
    digest.doFinal(found, 1);
    return found;
  }

  /** Avro's single-object encoding: C3 01, the schema's CRC-64-AVRO, the record. */
  static byte[] bytes(GenericRecord record) throws IOException {
    var encoder = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), record.getSchema());
    ByteBuffer encoded = encoder.encode(record);
    byte[] found = new byte[encoded.remaining()];
    encoded.get(found);
    return found;
  }

  private static GenericRecord record(String name, Map<String, Object> fields) throws IOException {
    var builder = new GenericRecordBuilder(schema(name));
    fields.forEach(builder::set);
    return builder.build();
  }

  private static GenericData.Fixed fixed(String name, byte[] phone) throws IOException {
    return new GenericData.Fixed(schema(name).getField("phone").schema(), phone);
  }

  private static Schema schema(String name) throws IOException {
    return new Schema.Parser().parse(Path.of("schemas", name + ".avsc").toFile());
  }

  private static String environment(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
