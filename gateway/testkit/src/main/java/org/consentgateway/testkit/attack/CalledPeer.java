package org.consentgateway.testkit.attack;

import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An assistant or human of the gateway that answers each INVITE again and again, each time as
 * another branch of a fork whose Contact is a bystander's, and takes nothing that comes; an honest
 * caller each second. Confined to one thread.
 */
final class CalledPeer {
    private static final int MANY = 65_535;
    private static final int PATIENCE_MILLIS = 5000;
    private static final int MOST_SECONDS = 90;

    /** Key 2, for those trunks that take it so; else silence leads to the human as well. */
    private static final String KEY = "Signal=2\r\nDuration=160\r\n";

    private final Target target;
    private final PrintStream out;
    private final Honest honest;
    private final Map<String, Asked> invites = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> heard = new ConcurrentSkipListMap<>();

    /** An INVITE, and who sent it. */
    private record Asked(String text, SocketAddress source) {}

    CalledPeer(Target target, PrintStream out, Honest honest) {
        this.target = target;
        this.out = out;
        this.honest = honest;
    }

    void run() throws IOException, InterruptedException {
        try (DatagramSocket socket = new DatagramSocket(target.listen());
                Connection connection = Connection.open(target);
                Bystander voice = Bystander.voice(target);
                Bystander bystander = Bystander.at(target.bystander());
                Metrics metrics = Metrics.of(target)) {
            Thread.ofVirtual().start(() -> listen(socket));
            ring(connection, voice);
            connection.ignore();
            out.printf("INVITEs of the gateway: %d of %d%n", invites.size(), target.calls());
            long sent = answer(socket, bystander);
            Thread.sleep(1000);
            out.println(honest.report());
            out.printf(
                    "%s sent: %d; what the gateway sent here: %s; the bystander got %d packets, %d"
                            + " octets%n",
                    target.method(),
                    sent,
                    new TreeMap<>(heard),
                    bystander.packets(),
                    bystander.octets());
            metrics.report(out);
        }
    }

    /** Calls until all that is wanted has been dialled. */
    private void ring(Connection connection, Bystander voice)
            throws IOException, InterruptedException {
        List<RawCall> calls = new ArrayList<>();
        for (int i = 0; i < target.calls(); i++) {
            RawCall call = new RawCall(connection, target);
            call.invites(target.sdp(voice.port()));
            if (call.answer(PATIENCE_MILLIS) == 200) {
                call.acknowledges();
                calls.add(call);
            }
        }
        for (int second = 0; second < MOST_SECONDS && invites.size() < calls.size(); second++) {
            for (RawCall call : calls) {
                voice.speaks(target.gateway().getAddress(), call.media(), second);
                call.asksWithin("INFO", "", "application/dtmf-relay", KEY);
            }
            Thread.sleep(1000);
        }
    }

    private long answer(DatagramSocket socket, Bystander bystander)
            throws IOException, InterruptedException {
        List<Asked> all = List.copyOf(invites.values());
        long perSecond = Math.max(1, (long) target.perSecond() * all.size());
        long start = System.nanoTime();
        long sent = 0;
        for (int second = 0; second < target.seconds() && !all.isEmpty(); second++) {
            honest.calls();
            for (int i = 0; i < perSecond; i++) {
                Asked next = all.get((int) (sent % all.size()));
                byte[] text = response(next.text(), ++sent, bystander.port());
                socket.send(new DatagramPacket(text, text.length, next.source()));
                long ahead = start + sent * 1_000_000_000L / perSecond - System.nanoTime();
                if (ahead > 1_000_000) {
                    Thread.sleep(ahead / 1_000_000);
                }
            }
        }
        return sent;
    }

    private byte[] response(String invite, long number, int port) {
        StringBuilder text = new StringBuilder("SIP/2.0 " + target.method() + " Yes\r\n");
        for (String line : invite.substring(0, invite.indexOf("\r\n\r\n")).split("\r\n", -1)) {
            if (line.startsWith("To:")) {
                text.append(line).append(";tag=t").append(number).append("\r\n");
            } else if (line.matches("(Via|From|Call-ID|CSeq|Record-Route):.*")) {
                text.append(line).append("\r\n");
            }
        }
        if (target.method().startsWith("1")) {
            text.append("Require: 100rel\r\nRSeq: ").append(number).append("\r\n");
        }
        String sdp = target.sdp(port) + target.filling().description();
        text.append("Contact: <sip:x@" + Ip.host(target.bystander()) + ":" + port + ">\r\n");
        text.append(target.filling().headers());
        text.append("Content-Type: application/sdp\r\n");
        text.append("Content-Length: " + sdp.length() + "\r\n\r\n" + sdp);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void listen(DatagramSocket socket) {
        DatagramPacket packet = new DatagramPacket(new byte[MANY], MANY);
        try {
            while (true) {
                packet.setLength(MANY);
                socket.receive(packet);
                String text =
                        new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                String method = text.substring(0, Math.max(0, text.indexOf(' ')));
                heard.computeIfAbsent(method, _ -> new AtomicLong()).incrementAndGet();
                if (method.equals("INVITE")) {
                    int at = text.indexOf("\r\nCall-ID:");
                    String id = text.substring(at, text.indexOf("\r\n", at + 2));
                    Asked _ = invites.putIfAbsent(id, new Asked(text, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // that is all
        }
    }
}
