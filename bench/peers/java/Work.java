import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** What both Java peers do with an event, and the clock they are measured by. */
public final class Work {
    static final int SLOT_MS = 900_000;
    static final int SLOTS = 1344;

    /** A phone's state: hex 8 bytes, last slot 4, number of slots 4, a ring of SLOTS bits. */
    static final int STATE = 184;

    private static final int HEX = 0;
    private static final int LAST = 8;
    private static final int COUNT = 12;
    private static final int RING = 16;
    private static final int PHONE = 10;
    private static final int CELL = 26;

    static final Map<String, Long> towers = new HashMap<>(40_000);
    static final Set<Long> risk = new HashSet<>();

    private Work() {}

    static void load(String folder) throws IOException {
        for (String line : Files.readAllLines(Path.of(folder, "towers.csv"))) {
            String[] parts = line.split(",");
            towers.put(parts[0], Long.parseLong(parts[1]));
        }
        for (String line : Files.readAllLines(Path.of(folder, "risk.txt"))) {
            risk.add(Long.parseLong(line.trim()));
        }
    }

    /** Return the hex of the tower an event names, null for an unknown one. */
    static Long hexOf(byte[] value) {
        return towers.get(new String(value, CELL + 1, value[CELL] >> 1, StandardCharsets.ISO_8859_1));
    }

    static long seenAt(byte[] value) {
        int at = CELL + 1 + (value[CELL] >> 1);
        int shift = 0;
        long read = 0;
        byte one;
        do {
            one = value[at++];
            read |= (long) (one & 127) << shift;
            shift += 7;
        } while (one < 0);
        return (read >>> 1) ^ -(read & 1);
    }

    static long hex(byte[] state) {
        return state == null ? 0 : ByteBuffer.wrap(state).getLong(HEX);
    }

    static boolean told(long from, long to) {
        return from != to && (risk.contains(from) || risk.contains(to));
    }

    /** Return a new state: the old array may still be in a producer's hands. `old` may be null. */
    static byte[] step(byte[] old, long hex, int slot) {
        byte[] made = new byte[STATE];
        ByteBuffer state = ByteBuffer.wrap(made);
        int last = slot;
        if (old == null) {
            mark(state, slot);
        } else {
            System.arraycopy(old, 0, made, 0, STATE);
            last = state.getInt(LAST);
            if (slot > last) {
                forget(made, state, last, slot);
                mark(state, slot);
                last = slot;
            } else if (last - slot < SLOTS) {
                mark(state, slot);
            }
        }
        int count = 0;
        for (int at = RING; at < STATE; at += 8) {
            count += Long.bitCount(state.getLong(at));
        }
        state.putLong(HEX, hex).putInt(LAST, last).putInt(COUNT, count);
        return made;
    }

    /** Clear the slots after `last` and before `slot`, and `slot` itself, a word at a time. */
    private static void forget(byte[] made, ByteBuffer state, int last, int slot) {
        if (slot - last >= SLOTS) {
            Arrays.fill(made, RING, STATE, (byte) 0);
            return;
        }
        for (int next = last + 1; next <= slot; ) {
            int at = Math.floorMod(next, SLOTS);
            int many = Math.min(Math.min(slot + 1 - next, 64 - (at & 63)), SLOTS - at);
            int word = RING + (at >> 6) * 8;
            long gone = (many == 64 ? -1L : ((1L << many) - 1)) << (at & 63);
            state.putLong(word, state.getLong(word) & ~gone);
            next += many;
        }
    }

    private static void mark(ByteBuffer state, int slot) {
        int at = Math.floorMod(slot, SLOTS);
        int word = RING + (at >> 6) * 8;
        state.putLong(word, state.getLong(word) | 1L << (at & 63));
    }

    /** Return an output: phone, from, to, seen_at, number of slots. */
    static byte[] out(byte[] value, long from, long to, long seen, byte[] state) {
        return ByteBuffer.allocate(44).put(value, PHONE, 16).putLong(from).putLong(to).putLong(seen)
            .putInt(ByteBuffer.wrap(state).getInt(COUNT)).array();
    }

    static final long N = Long.parseLong(System.getenv("COUNT"));
    static final CountDownLatch done = new CountDownLatch(1);
    private static final AtomicLong worked = new AtomicLong();
    private static volatile long begun;
    private static volatile long half;
    private static volatile long ended;
    private static volatile long cpuBegun;
    private static volatile long cpuEnded;

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    }

    /** Count an event that was worked on. */
    static void tick() {
        long count = worked.incrementAndGet();
        if (count == 1) {
            cpuBegun = cpu();
            begun = System.nanoTime();
        } else if (count == N / 2) {
            half = System.nanoTime();
        } else if (count == N) {
            ended = System.nanoTime();
            cpuEnded = cpu();
            done.countDown();
        }
    }

    static void report() {
        System.out.printf("%nRESULT {\"seconds\": %.4f, \"second_half\": %.4f, \"cpu\": %.4f}%n",
            (ended - begun) / 1e9, (ended - half) / 1e9, (cpuEnded - cpuBegun) / 1e9);
        System.out.flush();
    }
}
