package org.consentgateway.sip.capture;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import javax.sip.message.Response;
import org.consentgateway.sip.message.SipText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of what was received and sent, masked, to a collector by UDP (HEP3). Thread-safe. No call
 * waits for it: what finds no place in the queue is dropped and counted, and masking and sending
 * are on a thread of its own.
 */
public final class CaptureAgent implements Capture {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureAgent.class);

    /** Messages that wait to be masked: of some hundred calls at once. */
    static final int QUEUE = 1000;

    private static final int KEY_OCTETS = 32;
    private static final int MAX_PORT = 0xFFFF;
    private static final InetAddress UNKNOWN = InetAddress.ofLiteral("0.0.0.0");
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(UNKNOWN, 0);

    /** Dialogs of which it is remembered where they came to: the latest. */
    private static final int DIALOGS = 1000;

    private final CaptureSettings settings;
    private final InstantSource clock;
    private final DatagramSocket socket;
    private final BlockingQueue<CapturedMessage> queue;
    private final MaskedIds ids;
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);
    private final Thread thread;

    /** By Call-ID; guarded by itself. */
    private final Map<String, InetSocketAddress> locals =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, InetSocketAddress> eldest) {
                    return size() > DIALOGS;
                }
            };

    private CaptureAgent(
            CaptureSettings settings, InstantSource clock, DatagramSocket socket, int places) {
        this.settings = settings;
        this.clock = clock;
        this.socket = socket;
        this.queue = new ArrayBlockingQueue<>(places);
        byte[] key = new byte[KEY_OCTETS];
        new SecureRandom().nextBytes(key);
        this.ids = new MaskedIds(key);
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, new LongAdder());
        }
        this.thread = Thread.ofPlatform().daemon().name("sip-capture").unstarted(this::run);
    }

    /**
     * @throws IOException where there is no socket for it
     */
    public static CaptureAgent start(CaptureSettings settings, InstantSource clock)
            throws IOException {
        CaptureAgent agent = new CaptureAgent(settings, clock, new DatagramSocket(), QUEUE);
        agent.thread.start();
        return agent;
    }

    /** Nobody takes out what waits: for tests of the queue. */
    static CaptureAgent stopped(CaptureSettings settings, InstantSource clock, int places)
            throws IOException {
        return new CaptureAgent(settings, clock, new DatagramSocket(), places);
    }

    @Override
    public void saw(SIPMessage message, boolean sent, String peer, @Nullable UUID call) {
        if (queue.remainingCapacity() == 0) {
            count(Outcome.DROPPED); // before anything is copied
            return;
        }
        try {
            InetSocketAddress there = address(peer);
            InetSocketAddress here = here(message, sent);
            boolean taken =
                    queue.offer(
                            new CapturedMessage(
                                    message.encode(),
                                    clock.instant(),
                                    sent ? here : there,
                                    sent ? there : here,
                                    protocol(message),
                                    call == null ? "" : call.toString()));
            if (!taken) {
                count(Outcome.DROPPED);
            }
        } catch (RuntimeException e) {
            // Its text may hold numbers.
            count(Outcome.FAILED);
            LOG.debug("message not captured: {}", e.getClass().getName());
        }
    }

    @Override
    public Map<Outcome, Long> counts() {
        Map<Outcome, Long> all = new EnumMap<>(Outcome.class);
        counts.forEach((outcome, count) -> all.put(outcome, count.sum()));
        return all;
    }

    private void count(Outcome outcome) {
        LongAdder adder = counts.get(outcome);
        if (adder != null) {
            adder.increment();
        }
    }

    private void run() {
        while (!socket.isClosed()) {
            try {
                send(queue.take());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(CapturedMessage message) {
        try {
            String masked = MaskedMessage.of(message.text(), ids);
            byte[] packet = HepPacket.of(message, masked, settings);
            if (masked.isEmpty() || packet.length > HepPacket.MOST) {
                count(Outcome.FAILED);
                return;
            }
            // Unconnected: that nobody listens there must not fail every second packet.
            socket.send(new DatagramPacket(packet, packet.length, settings.collector()));
            count(Outcome.SENT);
        } catch (IOException | RuntimeException e) {
            count(Outcome.FAILED);
            LOG.debug("copy not sent: {}", e.getClass().getName());
        }
    }

    private static InetSocketAddress address(String peer) {
        int colon = peer.lastIndexOf(':');
        boolean port = colon > peer.lastIndexOf(']');
        InetAddress address = SipText.address(SipText.bare(port ? peer.substring(0, colon) : peer));
        int number = port ? SipText.number(peer.substring(colon + 1), MAX_PORT) : 0;
        return new InetSocketAddress(address == null ? UNKNOWN : address, Math.max(number, 0));
    }

    /**
     * Where it came to. A request of ours says it in its Via; a response goes out where the last
     * request of its dialog has come in.
     */
    private InetSocketAddress here(SIPMessage message, boolean sent) {
        String dialog = message.getCallId().getCallId();
        if (!sent && message.getLocalAddress() != null) {
            InetSocketAddress here =
                    new InetSocketAddress(
                            message.getLocalAddress(), Math.max(message.getLocalPort(), 0));
            synchronized (locals) {
                locals.put(dialog, here);
            }
            return here;
        }
        Via via = message.getTopmostVia();
        if (message instanceof Response || via == null) {
            synchronized (locals) {
                return locals.getOrDefault(dialog, NOWHERE);
            }
        }
        InetAddress address = SipText.address(SipText.bare(via.getHost()));
        return new InetSocketAddress(
                address == null ? UNKNOWN : address, Math.max(via.getPort(), 0));
    }

    private static int protocol(SIPMessage message) {
        Via via = message.getTopmostVia();
        return via == null || via.getTransport().equalsIgnoreCase("UDP")
                ? CapturedMessage.UDP
                : CapturedMessage.TCP;
    }

    @Override
    public void close() {
        thread.interrupt();
        socket.close();
    }
}
