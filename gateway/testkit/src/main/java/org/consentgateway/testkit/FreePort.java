package org.consentgateway.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port for whoever has to be told one before it listens, and cannot take 0. Below those that the
 * system gives to others meanwhile, and each is given once; of JVMs side by side each has its own.
 */
public final class FreePort {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int EACH = 400;
    private static final int FIRST = 12_000 + EACH * (TestJvm.NUMBER - 1);
    private static final AtomicInteger NEXT = new AtomicInteger();

    private FreePort() {}

    /** The first of two neighbours, for programs that listen with TLS at the port behind theirs. */
    public static int pair() {
        for (int tries = 0; tries < EACH; tries++) {
            int first = next();
            if (next() == first + 1) {
                return first;
            }
        }
        throw new IllegalStateException("no two ports side by side are free");
    }

    /** Free for UDP and TCP. */
    public static int next() {
        for (int tries = 0; tries < EACH; tries++) {
            int port = FIRST + NEXT.getAndIncrement() % EACH;
            try (DatagramSocket _ = new DatagramSocket(port, HERE);
                    ServerSocket _ = new ServerSocket(port, 1, HERE)) {
                return port;
            } catch (BindException taken) {
                // the next one
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no port is free");
    }
}
