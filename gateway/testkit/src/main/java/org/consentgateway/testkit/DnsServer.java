package org.consentgateway.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NAPTRRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Thread-safe. A name server on loopback that knows what it is told, and remembers who asked. */
public final class DnsServer implements AutoCloseable {
    private static final int DROPPED = -1;

    private final DatagramSocket socket;
    private final List<Record> records = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();
    private final Map<String, Duration> delays = new ConcurrentHashMap<>();
    private volatile boolean silent;
    public volatile int ttl = 60;

    /** Questions as they came: {@code SRV _sip._udp.provider.test}. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    public DnsServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofPlatform().daemon().name("dns").start(this::serve);
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    }

    public void fallSilent() {
        silent = true;
    }

    /**
     * Answers what asks for records of a type with nothing but this code of RFC 1035 §4.1.1.
     *
     * @param type as it stands in a zone, such as NAPTR
     * @param rcode as it is named there, such as NOTIMP; empty: gets no answer at all
     */
    public void fails(String type, String rcode) {
        failures.put(type, rcode.isEmpty() ? DROPPED : Rcode.value(rcode));
    }

    /** Answers what asks for records of a type so much later. */
    public void delays(String type, Duration by) {
        delays.put(type, by);
    }

    public void forget() {
        records.clear();
    }

    public DnsServer naptr(String domain, int order, String service, String replacement) {
        return add(
                new NAPTRRecord(
                        name(domain),
                        DClass.IN,
                        ttl,
                        order,
                        10,
                        "s",
                        service,
                        "",
                        name(replacement)));
    }

    public DnsServer srv(String name, int priority, int port, String target) {
        return add(new SRVRecord(name(name), DClass.IN, ttl, priority, 10, port, name(target)));
    }

    public DnsServer address(String host, String address) {
        InetAddress literal = InetAddress.ofLiteral(address);
        return add(
                literal.getAddress().length == 4
                        ? new ARecord(name(host), DClass.IN, ttl, literal)
                        : new AAAARecord(name(host), DClass.IN, ttl, literal));
    }

    private DnsServer add(Record record) {
        records.add(record);
        return this;
    }

    private static Name name(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private void serve() {
        byte[] buffer = new byte[4096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                Message query =
                        new Message(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
                Record question = query.getQuestion();
                String type = Type.string(question.getType());
                asked.add(type + " " + question.getName().toString(true));
                int failure = failures.getOrDefault(type, Rcode.NOERROR);
                if (!silent && failure != DROPPED) {
                    byte[] answer = answer(query, question, failure).toWire();
                    SocketAddress to = packet.getSocketAddress();
                    send(new DatagramPacket(answer, answer.length, to), delays.get(type));
                }
            } catch (IOException closed) {
                // Either closed, or not a question.
            }
        }
    }

    private void send(DatagramPacket answer, @Nullable Duration later) throws IOException {
        if (later == null) {
            socket.send(answer);
            return;
        }
        Thread.ofVirtual()
                .name("late dns")
                .start(() -> {
                    try {
                        Thread.sleep(later);
                        socket.send(answer);
                    } catch (InterruptedException | IOException closed) {
                        // Nobody waits for it any more.
                    }
                });
    }

    private Message answer(Message query, Record question, int failure) {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(question, Section.QUESTION);
        if (failure != Rcode.NOERROR) {
            answer.getHeader().setRcode(failure);
            return answer;
        }
        List<Record> named = new ArrayList<>();
        for (Record record : records) {
            if (record.getName().equals(question.getName())) {
                named.add(record);
                if (record.getType() == question.getType()) {
                    answer.addRecord(record, Section.ANSWER);
                }
            }
        }
        if (named.isEmpty()) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        return answer;
    }

    @Override
    public void close() {
        socket.close();
    }
}
