package org.consentgateway.browser;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.consentgateway.demo.CallerPorts;
import org.consentgateway.demo.DemoCaller;
import org.consentgateway.ledger.store.LogReader;
import org.consentgateway.media.MediaEngine;
import org.consentgateway.media.MediaSettings;
import org.consentgateway.media.PortsExhaustedException;
import org.consentgateway.web.BrowserCalls;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. The telephones behind the page: a SIP caller on loopback with media ports of its
 * own, started with the first call.
 */
public final class BrowserTelephone implements BrowserCalls, AutoCloseable {
    /** As many numbers as there may be. */
    private static final long NUMBERS = 10_000_000;

    private static final Duration QUARANTINE = Duration.ofSeconds(1);

    /** A browser's call is never silent: what its page does not send is sent as silence. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final Surroundings around;
    private final Set<BrowserCall> calls = ConcurrentHashMap.newKeySet();
    private @Nullable MediaEngine media;
    private @Nullable DemoCaller caller;
    private boolean closed;

    /**
     * What it calls, and where it looks.
     *
     * @param lines that can be called
     * @param gateway where SIP is listened on over UDP
     * @param ports for the callers' media
     */
    public record Surroundings(
            List<BrowserCalls.CalledLine> lines,
            InetSocketAddress gateway,
            CallerPorts ports,
            FollowedCalls followed,
            Records records,
            LongSupplier nanos) {}

    /**
     * Where the entries of a call are found.
     *
     * @param hashes of a SIP Call-ID
     */
    public record Records(LogReader log, Function<String, List<String>> hashes) {}

    public BrowserTelephone(Surroundings around) {
        this.around = around;
    }

    @Override
    public List<BrowserCalls.CalledLine> lines() {
        return around.lines();
    }

    @Override
    public BrowserCalls.Call place(
            String browser, BrowserCalls.CalledLine line, BrowserCalls.Page page)
            throws IOException {
        DemoCaller telephone = telephone();
        var call = new BrowserCall(page, around.nanos());
        around.followed().dials();
        List<String> hashes;
        try {
            hashes =
                    around.records()
                            .hashes()
                            .apply(call.dial(telephone, target(line), number(browser)));
        } catch (PortsExhaustedException | RuntimeException e) {
            around.followed().failed();
            throw new IOException("no call can be placed now", e);
        }
        calls.add(call);
        around.followed().follow(hashes, call::add);
        Thread.ofVirtual()
                .name("browser-call")
                .start(() -> {
                    call.tellAll(new RecordedEntries(around.records().log(), hashes));
                    around.followed().leave(hashes);
                    calls.remove(call);
                });
        return call;
    }

    private synchronized DemoCaller telephone() throws IOException {
        if (closed) {
            throw new IOException("the gateway ends");
        }
        if (caller == null) {
            InetAddress here = InetAddress.getLoopbackAddress();
            CallerPorts ports = around.ports();
            media =
                    MediaEngine.start(
                            new MediaSettings(
                                    here, ports.first(), ports.last(), QUARANTINE, SILENCE, 1));
            caller = DemoCaller.start(new InetSocketAddress(here, 0), media);
        }
        return caller;
    }

    private String target(BrowserCalls.CalledLine line) {
        InetSocketAddress at = around.gateway();
        String host =
                at.getAddress().isAnyLocalAddress()
                        ? "127.0.0.1"
                        : at.getAddress().getHostAddress();
        return "sip:"
                + line.number()
                + "@"
                + (host.contains(":") ? "[" + host + "]" : host)
                + ":"
                + at.getPort();
    }

    /** Always the same for one browser, so that it is known again; nobody's real number. */
    private static String number(String browser) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(browser.getBytes(StandardCharsets.UTF_8));
            long drawn = Math.floorMod(ByteBuffer.wrap(hash).getLong(), NUMBERS);
            return "+49151%07d".formatted(drawn);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        calls.forEach(BrowserCall::close);
        if (caller != null) {
            caller.close();
        }
        if (media != null) {
            media.close();
        }
    }
}
