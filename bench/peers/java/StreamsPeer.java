import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** Arguments: memory or rocksdb, threads, at_least_once or exactly_once_v2. The changelog is on, as by default. */
public final class StreamsPeer {
    private StreamsPeer() {}

    static final class Worker implements Processor<byte[], byte[], byte[], byte[]> {
        private ProcessorContext<byte[], byte[]> context;
        private KeyValueStore<byte[], byte[]> states;

        @Override
        public void init(ProcessorContext<byte[], byte[]> given) {
            context = given;
            states = given.getStateStore("states");
        }

        @Override
        public void process(Record<byte[], byte[]> event) {
            byte[] value = event.value();
            Long hex = Work.hexOf(value);
            if (hex != null) {
                long seen = Work.seenAt(value);
                byte[] old = states.get(event.key());
                byte[] made = Work.step(old, hex, (int) (seen / Work.SLOT_MS));
                states.put(event.key(), made);
                if (Work.told(Work.hex(old), hex)) {
                    context.forward(event.withValue(Work.out(value, Work.hex(old), hex, seen, made)));
                }
            }
            Work.tick();
        }
    }

    public static void main(String[] words) throws Exception {
        Work.load(System.getenv("LOAD"));
        Properties settings = new Properties();
        settings.put("application.id", System.getenv("RUN"));
        settings.put("bootstrap.servers", System.getenv("BROKER"));
        settings.put("state.dir", System.getenv("SCRATCH"));
        settings.put("num.stream.threads", words[1]);
        settings.put("processing.guarantee", words[2]);
        settings.put("auto.offset.reset", "earliest");
        settings.put("replication.factor", 1);
        var supplier = words[0].equals("rocksdb")
            ? Stores.persistentKeyValueStore("states") : Stores.inMemoryKeyValueStore("states");
        var store = Stores.keyValueStoreBuilder(supplier, Serdes.ByteArray(), Serdes.ByteArray());
        var in = new ByteArrayDeserializer();
        var out = new ByteArraySerializer();
        Topology topology = new Topology();
        topology.addSource("in", in, in, System.getenv("TOPIC")).addProcessor("work", Worker::new, "in")
            .addStateStore(store, "work").addSink("out", System.getenv("OUT"), out, out, "work");
        KafkaStreams streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            Runtime.getRuntime().halt(3);
            return null;
        });
        streams.start();
        Work.done.await();
        streams.close();
        streams.cleanUp();
        Work.report();
    }
}
