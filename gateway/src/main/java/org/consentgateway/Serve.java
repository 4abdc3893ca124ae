package org.consentgateway;

import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Confined to the main thread. Runs a gateway until the process is told to end. */
final class Serve {
    private static final Logger LOG = LoggerFactory.getLogger("Gateway");

    private Serve() {}

    /** The first signal drains; a second one ends at once, as the JVM does when asked again. */
    static void until(GatewayConfig config) throws Exception {
        var gateway = Gateway.start(config);
        var done = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("drain")
                                .unstarted(() -> {
                                    drain(gateway);
                                    done.countDown();
                                }));
        welcome(config, gateway);
        done.await();
    }

    private static void drain(Gateway gateway) {
        try (gateway) {
            if (gateway.active() > 0) {
                LOG.info("No new calls; {} running ones end.", gateway.active());
            }
            gateway.drain();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info("Ended.");
    }

    /** To a person who has just started it: where to dial, where to look, how to try it. */
    @SuppressWarnings("SystemOut") // the only thing that serve says on standard output
    private static void welcome(GatewayConfig config, Gateway gateway) {
        String numbers =
                config.lines().stream()
                        .map(line -> line.name() + " " + String.join(" ", line.numbers()))
                        .collect(Collectors.joining(", "));
        String at =
                config.sip().listen().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(", "));
        System.out.println("Ready. Ctrl-C ends it, after the running calls.");
        System.out.println("  dial   " + at + "   lines: " + numbers);
        System.out.println("  look   http://" + config.web().listen() + "/");
        if (config.demo().agents()) {
            System.out.println("  try    scripts/demo-call --key 1   (in another shell)");
        }
        LOG.info("Takes calls on {}, HTTP on port {}", gateway.listening(), gateway.webPort());
    }
}
