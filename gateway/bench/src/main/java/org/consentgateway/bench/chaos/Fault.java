package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.consentgateway.testkit.wire.LossyRelay;

/** What befalls the gateway, while calls are under way; when it returns, it is over. */
enum Fault {
    KILL {
        @Override
        void befalls(World world, Random random) throws IOException, InterruptedException {
            Thread.sleep(random.nextInt(SOME_MILLIS));
            world.gateway().kill();
            world.gateway().start();
        }
    },
    FREEZE {
        @Override
        void befalls(World world, Random random) throws IOException, InterruptedException {
            world.gateway().freeze(some(500, random));
        }
    },
    STORE_FROZEN {
        @Override
        void befalls(World world, Random random) throws IOException, InterruptedException {
            world.store().freeze(some(1000, random));
        }
    },
    STORE_RESTARTED {
        @Override
        void befalls(World world, Random random) throws IOException, InterruptedException {
            world.store().restart(some(500, random), false);
        }

        @Override
        boolean isPossible(Means means) {
            return means.storeServer();
        }
    },
    STORE_KILLED {
        @Override
        void befalls(World world, Random random) throws IOException, InterruptedException {
            world.store().restart(some(500, random), true);
        }

        @Override
        boolean isPossible(Means means) {
            return means.storeServer();
        }
    },
    DISK_FULL {
        @Override
        void befalls(World world, Random random) throws IOException, InterruptedException {
            Path filling = world.gateway().data().resolve("filling");
            byte[] much = new byte[1 << 16];
            try (var out = Files.newOutputStream(filling)) {
                while (true) {
                    out.write(much);
                }
            } catch (IOException full) {
                // As soon as a caller's record should have been written.
                world.gateway().awaitReady(503);
                Thread.sleep(some(1000, random));
            } finally {
                Files.deleteIfExists(filling);
            }
            world.gateway().awaitReady(200);
        }

        @Override
        boolean isPossible(Means means) {
            return means.smallDisk();
        }
    },
    PACKETS_LOST {
        // Those of assistants and humans as well.
        @Override
        void befalls(World world, Random random) throws IOException, InterruptedException {
            String rule =
                    "INPUT -p udp -m statistic --mode random --probability 0.%02d -j DROP"
                            .formatted(2 + random.nextInt(8));
            Tool.run("iptables -A " + rule);
            try {
                Thread.sleep(some(2000, random));
            } finally {
                Tool.run("iptables -D " + rule);
            }
        }

        @Override
        boolean isPossible(Means means) {
            return means.ownNetwork();
        }
    },
    LINES_BAD {
        // Lost, late, out of order and twice, for those callers who have a line of their own.
        @Override
        void befalls(World world, Random random) throws InterruptedException {
            world.lines()
                    .set(
                            new LossyRelay.Quality(
                                    random.nextInt(8),
                                    random.nextInt(80),
                                    5 + random.nextInt(30),
                                    30 + random.nextInt(90),
                                    random.nextInt(10)));
            try {
                Thread.sleep(some(3000, random));
            } finally {
                world.lines().set(LossyRelay.Quality.GOOD);
            }
        }
    },
    CLOCK_JUMPS {
        @Override
        void befalls(World world, Random random) throws IOException, InterruptedException {
            FakedClock clock = world.clock();
            double before = world.gateway().metric("consent_clock_jumps_total");
            Duration far = random.nextBoolean() ? Duration.ofHours(1) : Duration.ofDays(366);
            try {
                clock.set(random.nextBoolean() ? far : far.negated());
                Thread.sleep(some(2500, random));
            } finally {
                clock.set(Duration.ZERO);
            }
            if (world.gateway().metric("consent_clock_jumps_total") <= before) {
                throw new IOException("the gateway saw no jump of the clock");
            }
        }
    },
    REGISTRAR_FLAPS {
        @Override
        void befalls(World world, Random random) throws InterruptedException {
            ChaosRegistrar registrar = world.peers().registrar();
            ChaosRegistrar.Manner[] all = ChaosRegistrar.Manner.values();
            try {
                for (int i = 0; i < 2; i++) {
                    registrar.behave(world.next(all));
                    Thread.sleep(some(1500, random));
                    registrar.behave(ChaosRegistrar.Manner.GRANTS);
                    Thread.sleep(random.nextInt(500));
                }
            } finally {
                registrar.behave(ChaosRegistrar.Manner.GRANTS);
            }
        }
    },
    ASSISTANT_MISBEHAVES {
        @Override
        void befalls(World world, Random random) throws InterruptedException {
            misbehaves(world.peers().assistant(), world, random);
        }
    },
    HUMAN_MISBEHAVES {
        @Override
        void befalls(World world, Random random) throws InterruptedException {
            misbehaves(world.peers().human(), world, random);
        }
    };

    /** A part of the time that is left to chance. */
    private static final int SOME_MILLIS = 3000;

    /**
     * What this machine lets us do.
     *
     * @param storeServer whether the store is a process of its own
     */
    record Means(boolean smallDisk, boolean ownNetwork, boolean storeServer) {}

    abstract void befalls(World world, Random random) throws IOException, InterruptedException;

    /** Where it cannot befall, it is said to be left out. */
    boolean isPossible(Means means) {
        return true;
    }

    /**
     * Whether the gateway stands still or starts anew, so that a withdrawal may never come to it;
     * else no talk may end by it, either.
     */
    boolean hitsTheGateway() {
        return switch (this) {
            case KILL, FREEZE, STORE_FROZEN, STORE_RESTARTED, STORE_KILLED, DISK_FULL -> true;
            case PACKETS_LOST, LINES_BAD -> true;
            case CLOCK_JUMPS, REGISTRAR_FLAPS, ASSISTANT_MISBEHAVES, HUMAN_MISBEHAVES -> false;
        };
    }

    /** Whether those who talk with an assistant know nothing of it. */
    boolean isBesideTheCalls() {
        return this == CLOCK_JUMPS || this == REGISTRAR_FLAPS || this == HUMAN_MISBEHAVES;
    }

    private static Duration some(int leastMillis, Random random) {
        return Duration.ofMillis(leastMillis + random.nextInt(SOME_MILLIS));
    }

    private static void misbehaves(ChaosAssistant who, World world, Random random)
            throws InterruptedException {
        try {
            for (int i = 0; i < 2; i++) {
                ChaosAssistant.Manner manner = world.next(ChaosAssistant.Manner.values());
                System.err.println("  " + manner);
                who.behave(manner);
                Thread.sleep(some(1500, random));
            }
        } finally {
            who.behave(ChaosAssistant.Manner.WELL);
        }
    }
}
