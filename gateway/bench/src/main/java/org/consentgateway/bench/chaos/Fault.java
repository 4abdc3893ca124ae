package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What befalls the gateway, while calls are under way; when it returns, it is over. */
enum Fault {
    KILL {
        @Override
        void befalls(ChaosGateway gateway, ChaosAssistant assistant, Random random)
                throws IOException, InterruptedException {
            Thread.sleep(random.nextInt(SOME_MILLIS));
            gateway.kill();
            gateway.start();
        }
    },
    FREEZE {
        @Override
        void befalls(ChaosGateway gateway, ChaosAssistant assistant, Random random)
                throws IOException, InterruptedException {
            gateway.freeze(Duration.ofMillis(500 + random.nextInt(SOME_MILLIS)));
        }
    },
    STORE_FROZEN {
        // Another program holds the store's one lock for writing.
        @Override
        void befalls(ChaosGateway gateway, ChaosAssistant assistant, Random random)
                throws IOException, InterruptedException {
            run(
                    List.of(
                            "python3",
                            "-c",
                            "import sqlite3,sys,time;"
                                + "c=sqlite3.connect(sys.argv[1],timeout=30,isolation_level=None);c.execute('BEGIN"
                                + " IMMEDIATE');time.sleep(float(sys.argv[2]))",
                            gateway.data().resolve("ledger.db").toString(),
                            Double.toString(1 + random.nextInt(SOME_MILLIS) / 1000.0)));
        }
    },
    DISK_FULL {
        @Override
        void befalls(ChaosGateway gateway, ChaosAssistant assistant, Random random)
                throws IOException, InterruptedException {
            Path filling = gateway.data().resolve("filling");
            byte[] much = new byte[1 << 16];
            try (var out = Files.newOutputStream(filling)) {
                while (true) {
                    out.write(much);
                }
            } catch (IOException full) {
                Thread.sleep(1000 + random.nextInt(SOME_MILLIS));
            } finally {
                Files.deleteIfExists(filling);
            }
        }

        @Override
        boolean isPossible(Means means) {
            return means.smallDisk();
        }
    },
    PACKETS_LOST {
        // Out of order as well, where the kernel can do that.
        @Override
        void befalls(ChaosGateway gateway, ChaosAssistant assistant, Random random)
                throws IOException, InterruptedException {
            int percent = 2 + random.nextInt(8);
            int millis = 2000 + random.nextInt(SOME_MILLIS);
            String netem = "dev lo root netem loss " + percent + "% delay 10ms reorder 90% 50%";
            String rule =
                    "INPUT -p udp -m statistic --mode random --probability 0.%02d -j DROP"
                            .formatted(percent);
            boolean reordered = runs("tc qdisc add " + netem);
            if (!reordered) {
                run("iptables -A " + rule);
            }
            try {
                Thread.sleep(millis);
            } finally {
                run(reordered ? "tc qdisc del dev lo root" : "iptables -D " + rule);
            }
        }

        @Override
        boolean isPossible(Means means) {
            return means.ownNetwork();
        }
    },
    ASSISTANT_MISBEHAVES {
        @Override
        void befalls(ChaosGateway gateway, ChaosAssistant assistant, Random random)
                throws InterruptedException {
            ChaosAssistant.Manner[] all = ChaosAssistant.Manner.values();
            assistant.behave(all[1 + random.nextInt(all.length - 1)]);
            try {
                Thread.sleep(3000 + random.nextInt(SOME_MILLIS));
            } finally {
                assistant.behave(ChaosAssistant.Manner.WELL);
            }
        }
    };

    /** A part of the time that is left to chance. */
    private static final int SOME_MILLIS = 3000;

    /** What this machine lets us do. */
    record Means(boolean smallDisk, boolean ownNetwork) {}

    abstract void befalls(ChaosGateway gateway, ChaosAssistant assistant, Random random)
            throws IOException, InterruptedException;

    /** Where it cannot befall, it is said to be left out. */
    boolean isPossible(Means means) {
        return true;
    }

    private static boolean runs(String command) throws InterruptedException {
        try {
            run(command);
            return true;
        } catch (IOException cannot) {
            return false;
        }
    }

    private static void run(String command) throws IOException, InterruptedException {
        run(List.of(command.split(" ", -1)));
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said =
                new String(
                        tool.getInputStream().readAllBytes(),
                        java.nio.charset.StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }
}
