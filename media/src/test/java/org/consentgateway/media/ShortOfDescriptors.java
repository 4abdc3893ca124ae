package org.consentgateway.media;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process that has file descriptors left for two legs and a half: opens legs until it gets none,
 * closes them, and says what is left of them.
 */
final class ShortOfDescriptors {
    private ShortOfDescriptors() {}

    /**
     * @param arguments the first port, and the last
     */
    public static void main(String[] arguments) throws Exception {
        // No class can be read without a descriptor.
        var _ = new PortsExhaustedException("none");
        try (MediaEngine engine =
                MediaEngine.start(
                        new MediaSettings(
                                InetAddress.getLoopbackAddress(),
                                Integer.parseInt(arguments[0]),
                                Integer.parseInt(arguments[1]),
                                Duration.ofMillis(1),
                                Duration.ofSeconds(1),
                                1))) {
            engine.open().close();
            until(engine, 0);
            long before = sockets();
            List<FileInputStream> all = allDescriptors();
            for (int i = 0; i < 5; i++) {
                all.removeLast().close();
            }
            List<MediaLeg> legs = new ArrayList<>();
            String why = fill(engine, legs);
            int inUse = engine.totals().portPairsInUse();
            for (FileInputStream each : all) {
                each.close();
            }
            legs.forEach(MediaLeg::close);
            until(engine, 0);
            System.out.printf(
                    "%d legs, then %s with %d pairs in use; at the end %d, and %d sockets%n",
                    legs.size(), why, inUse, engine.totals().portPairsInUse(), sockets() - before);
        }
    }

    private static String fill(MediaEngine engine, List<MediaLeg> legs) {
        while (true) {
            try {
                legs.add(engine.open());
            } catch (PortsExhaustedException | RuntimeException e) {
                return e.getClass().getSimpleName();
            }
        }
    }

    private static List<FileInputStream> allDescriptors() {
        List<FileInputStream> all = new ArrayList<>();
        while (true) {
            try {
                all.add(new FileInputStream("/dev/null"));
            } catch (IOException e) {
                return all;
            }
        }
    }

    /** Ten seconds at most: legs are closed on their event loop. */
    private static void until(MediaEngine engine, int pairs) {
        for (int i = 0; i < 500 && engine.totals().portPairsInUse() != pairs; i++) {
            Phone.pause(20);
        }
    }

    private static long sockets() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(ShortOfDescriptors::isSocket).count();
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // that of the list itself
        }
    }
}
