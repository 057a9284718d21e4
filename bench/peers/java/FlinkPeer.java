import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Arguments: hashmap or rocksdb, milliseconds between checkpoints (0: none; else the sink is exactly-once). */
public final class FlinkPeer {
    private FlinkPeer() {}

    public static final class Event {
        public long high;
        public long low;
        public byte[] value;
    }

    public static final class Reader implements KafkaRecordDeserializationSchema<Event> {
        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Event> out) {
            ByteBuffer key = ByteBuffer.wrap(record.key());
            Event event = new Event();
            event.high = key.getLong();
            event.low = key.getLong();
            event.value = record.value();
            out.collect(event);
        }

        @Override
        public TypeInformation<Event> getProducedType() {
            return TypeInformation.of(Event.class);
        }
    }

    public static final class Worker extends KeyedProcessFunction<Tuple2<Long, Long>, Event, byte[]> {
        private transient ValueState<byte[]> states;

        @Override
        public void open(OpenContext context) {
            states = getRuntimeContext().getState(new ValueStateDescriptor<>(
                "states", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public void processElement(Event event, Context context, Collector<byte[]> out) throws Exception {
            Long hex = Work.hexOf(event.value);
            if (hex != null) {
                long seen = Work.seenAt(event.value);
                byte[] old = states.value();
                byte[] made = Work.step(old, hex, (int) (seen / Work.SLOT_MS));
                states.update(made);
                if (Work.told(Work.hex(old), hex)) {
                    out.collect(Work.out(event.value, Work.hex(old), hex, seen, made));
                }
            }
            Work.tick();
        }
    }

    public static final class Writer implements KafkaRecordSerializationSchema<byte[]> {
        private final String topic;

        Writer(String given) {
            topic = given;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(byte[] value, KafkaSinkContext context, Long time) {
            return new ProducerRecord<>(topic, Arrays.copyOf(value, 16), value);
        }
    }

    public static void main(String[] words) throws Exception {
        Work.load(System.getenv("LOAD"));
        long checkpoints = Long.parseLong(words[1]);
        Configuration settings = new Configuration();
        settings.setString("state.backend.type", words[0]);
        settings.setString("execution.checkpointing.dir", "file://" + System.getenv("SCRATCH"));
        settings.setString("execution.checkpointing.incremental", String.valueOf(words[0].equals("rocksdb")));
        settings.setString("pipeline.object-reuse", "true");
        settings.setString("rest.port", "0");
        settings.setString("rest.bind-address", "127.0.0.1");
        settings.setString("rest.bind-port", "0");
        StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        flink.setParallelism(1);
        var sink = KafkaSink.<byte[]>builder().setBootstrapServers(System.getenv("BROKER"))
            .setRecordSerializer(new Writer(System.getenv("OUT")));
        if (checkpoints > 0) {
            flink.enableCheckpointing(checkpoints);
            sink.setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix(System.getenv("RUN"))
                .setProperty("transaction.timeout.ms", "600000");
        } else {
            sink.setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE);
        }
        var source = KafkaSource.<Event>builder().setBootstrapServers(System.getenv("BROKER"))
            .setTopics(System.getenv("TOPIC")).setGroupId(System.getenv("RUN"))
            .setStartingOffsets(OffsetsInitializer.earliest()).setBounded(OffsetsInitializer.latest())
            .setDeserializer(new Reader()).build();
        flink.fromSource(source, WatermarkStrategy.noWatermarks(), "in")
            .keyBy(event -> Tuple2.of(event.high, event.low), Types.TUPLE(Types.LONG, Types.LONG))
            .process(new Worker()).returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
            .sinkTo(sink.build());
        flink.execute("peer");
        Work.report();
        System.exit(0);
    }
}
