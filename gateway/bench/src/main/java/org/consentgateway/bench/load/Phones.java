package org.consentgateway.bench.load;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.consentgateway.testkit.SipMessage;
import org.jspecify.annotations.Nullable;

/**
 * Thread-safe. Callers, and the assistant they are connected to, over UDP with two sockets and
 * three threads: says what RFC 3261 wants of a telephone, repeats a request that nobody answers
 * after T1, and counts what had to be repeated by either side.
 */
public final class Phones implements AutoCloseable {
    /** Called numbers are c0 to c4095, so that the assistant's leg tells whose call it is. */
    public static final int NUMBERS = 4096;

    /** With what the numbers begin behind which the assistant over SIP is. */
    public static final String NUMBER = "c";

    /** With what the numbers begin behind which assistants on sockets are. */
    public static final String SOCKET_NUMBER = "w";

    private static final long T1_MILLIS = 500;
    private static final int MAX_REPEATS = 6;
    private static final int ROOM = 65_536;

    /** Received at once, if they are there. */
    private static final int BATCH = 16;

    private final StampedSocket callers;
    private final StampedSocket assistant;
    private final MemorySegment gateway;
    private final String target;
    private final ThreadLocal<ByteBuffer> packets =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(ROOM));
    private final Voices voices;
    private final String sdp;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("phones-timer").factory());
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final Map<String, Call> byNumber = new ConcurrentHashMap<>();
    private final Map<String, AssistantLeg> legs = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final List<Thread> readers;
    private volatile boolean running = true;

    /**
     * What a batch of calls does.
     *
     * @param key pressed so long after the answer, by somebody who talks after it; null: only when
     *     told to, and they sound all the time
     * @param talk hang up so long after the assistant is there, or after the answer where there is
     *     no media; null: only when told to
     * @param media whether they speak and hear
     */
    public record Plan(
            int calls,
            double perSecond,
            @Nullable Duration key,
            @Nullable Duration talk,
            boolean media) {}

    /** Thread-safe. Some calls and what became of them. */
    public static final class Batch {
        /** INVITE to 200. */
        public final Samples setupMillis = new Samples();

        /** ACK to the first packet. */
        public final Samples firstAudioMillis = new Samples();

        /** INVITE to a final response that is none of success. */
        public final Samples refusedMillis = new Samples();

        /** First packet of the key to the INVITE at the assistant. */
        public final Samples keyToInviteMillis = new Samples();

        /** Messages that either side said again. */
        public final LongAdder repeats = new LongAdder();

        public final LongAdder refused = new LongAdder();
        public final LongAdder answered = new LongAdder();
        public final LongAdder bridged = new LongAdder();

        /** Calls one of whose requests nobody answered. */
        public final LongAdder lost = new LongAdder();

        private final List<Call> all = new ArrayList<>();
        private final CountDownLatch over;
        private final Plan plan;

        private Batch(Plan plan) {
            this.plan = plan;
            this.over = new CountDownLatch(plan.calls());
        }

        /** False where some did not end in time. */
        public boolean await(Duration patience) throws InterruptedException {
            return over.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        }

        private synchronized List<Call> calls() {
            return List.copyOf(all);
        }

        private synchronized void add(Call call) {
            all.add(call);
        }
    }

    private static final class Call {
        private final Batch batch;
        private final String number;
        private final String id;
        private final String from;
        private final String invite;
        private long invitedAt;
        private volatile boolean heard;
        private volatile long answeredAt;
        private volatile String to = "";
        private volatile String contact = "";
        private volatile Voices.@Nullable Voice voice;
        private volatile boolean bridged;
        private volatile boolean ending;
        private volatile boolean over;

        private Call(Batch batch, String number, String id, String from, String invite) {
            this.batch = batch;
            this.number = number;
            this.id = id;
            this.from = from;
            this.invite = invite;
        }
    }

    private record AssistantLeg(@Nullable Call call, Voices.@Nullable Voice voice, String answer) {}

    public Phones(LoopbackPorts ports, Voices voices) throws IOException {
        this.target = "127.0.0.1:" + ports.sip();
        this.voices = voices;
        this.callers = new StampedSocket(0);
        this.assistant = new StampedSocket(ports.assistant());
        this.gateway = callers.address(ports.sip());
        this.sdp =
                "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                        + "m=audio "
                        + voices.port()
                        + " RTP/AVP 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
                        + "a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n";
        this.readers =
                List.of(
                        reader("callers", () -> receive(callers, this::toCaller)),
                        reader("assistant", () -> receive(assistant, this::toAssistant)));
    }

    private static Thread reader(String name, Runnable reading) {
        return Thread.ofPlatform().daemon().name("phones-" + name).start(reading);
    }

    private interface Reader {
        /**
         * @param nanos when it came, by {@link StampedSocket#now}
         */
        void read(SipMessage message, long nanos) throws IOException;
    }

    private void receive(StampedSocket socket, Reader reader) {
        var arrivals = new Arrivals(BATCH, ROOM);
        while (running) {
            try {
                socket.receive(arrivals);
                for (int i = 0; i < arrivals.count(); i++) {
                    String text =
                            StandardCharsets.ISO_8859_1.decode(arrivals.datagram(i)).toString();
                    reader.read(new SipMessage(text), arrivals.nanos(i));
                }
            } catch (IOException gone) {
                throw new java.io.UncheckedIOException(gone);
            }
        }
    }

    private void send(StampedSocket from, String message) throws IOException {
        ByteBuffer packet = packets.get().clear();
        from.send(packet.put(message.getBytes(StandardCharsets.ISO_8859_1)).flip(), gateway);
    }

    /**
     * 200, as the one who was called.
     *
     * @param headers more of them, each with its line's end
     */
    static String ok(SipMessage request, String headers, String sdp) {
        String contact =
                request.text().startsWith("INVITE ") ? "Contact: <" + request.uri() + ">\r\n" : "";
        return request.response("200 OK", "a", contact + headers, sdp);
    }

    // ------------------------------------------------------------------ what callers do

    /** As {@link #call(String, Plan)}, of the line whose assistant answers here. */
    public Batch call(Plan plan) throws IOException {
        return call(NUMBER, plan);
    }

    /**
     * Places the calls of a plan at its pace; returns when the last INVITE is out.
     *
     * @param line with what its numbers begin
     */
    public Batch call(String line, Plan plan) throws IOException {
        var batch = new Batch(plan);
        long start = System.nanoTime();
        for (int i = 0; i < plan.calls(); i++) {
            long due = start + (long) (i / plan.perSecond() * 1e9);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            invite(line, batch);
        }
        return batch;
    }

    private void invite(String line, Batch batch) throws IOException {
        int n = numbers.getAndIncrement();
        String number = line + n % NUMBERS;
        int port = callers.port();
        String id = "bench-" + Long.toHexString(System.nanoTime()) + "-" + n;
        String from = "<sip:+4930%07d@127.0.0.1>;tag=f%d".formatted(1_000_000 + n, n);
        String invite =
                request("INVITE", "sip:" + number + "@" + target, id, 1, from, number, "i" + n)
                        + "Contact: <sip:bench@127.0.0.1:"
                        + port
                        + ">\r\n"
                        + SipMessage.end("application/sdp", sdp);
        Call call = new Call(batch, number, id, from, invite);
        calls.put(id, call);
        byNumber.put(number, call);
        batch.add(call);
        call.invitedAt = StampedSocket.now();
        send(callers, invite);
        repeat(call, invite, () -> call.heard, 1);
    }

    /** RFC 3261 §17.1.1.2: again after T1, twice T1 and so on, until somebody answers. */
    private void repeat(
            Call call, String request, java.util.function.BooleanSupplier done, int time) {
        var _ =
                timer.schedule(
                        () -> {
                            if (done.getAsBoolean()) {
                                return;
                            }
                            if (time > MAX_REPEATS) {
                                call.batch.lost.increment();
                                over(call);
                                return;
                            }
                            call.batch.repeats.increment();
                            try {
                                send(callers, request);
                                repeat(call, request, done, time + 1);
                            } catch (IOException gone) {
                                over(call);
                            }
                        },
                        T1_MILLIS << (time - 1),
                        TimeUnit.MILLISECONDS);
    }

    private String request(
            String method, String uri, String id, int cseq, String from, String to, String branch)
            throws IOException {
        int port = callers.port();
        String tagged = to.startsWith("<") ? to : "<sip:" + to + "@" + target + ">";
        return method
                + " "
                + uri
                + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:"
                + port
                + ";branch=z9hG4bK"
                + id
                + branch
                + "\r\nFrom: "
                + from
                + "\r\nTo: "
                + tagged
                + "\r\nCall-ID: "
                + id
                + "\r\nCSeq: "
                + cseq
                + " "
                + method
                + "\r\nMax-Forwards: 70\r\n";
    }

    /** All of a batch that are answered and not yet bridged press a key, so many a second. */
    public void press(Batch batch, char key, double perSecond) {
        long start = System.nanoTime();
        int i = 0;
        for (Call call : batch.calls()) {
            Voices.Voice voice = call.voice;
            if (voice != null && !call.bridged && !call.over) {
                LockSupport.parkNanos(start + (long) (i++ / perSecond * 1e9) - System.nanoTime());
                voice.press(key);
            }
        }
    }

    /** All of a batch hang up, so many a second. */
    public void hangUp(Batch batch, double perSecond) {
        long start = System.nanoTime();
        int i = 0;
        for (Call call : batch.calls()) {
            LockSupport.parkNanos(start + (long) (i++ / perSecond * 1e9) - System.nanoTime());
            hangUp(call);
        }
    }

    private void hangUp(Call call) {
        if (call.ending || call.over || call.answeredAt == 0) {
            return;
        }
        call.ending = true;
        try {
            String bye =
                    request("BYE", call.contact, call.id, 2, call.from, call.to, "b")
                            + SipMessage.end("application/sdp", "");
            send(callers, bye);
            repeat(call, bye, () -> call.over, 1);
        } catch (IOException gone) {
            over(call);
        }
    }

    private void over(Call call) {
        if (call.over) {
            return;
        }
        call.over = true;
        Voices.Voice voice = call.voice;
        if (voice != null) {
            voices.close(voice);
        }
        calls.remove(call.id);
        byNumber.remove(call.number, call);
        call.batch.over.countDown();
    }

    private void toCaller(SipMessage message, long now) throws IOException {
        Call call = calls.get(message.first("Call-ID"));
        if (!message.text().startsWith("SIP/2.0 ")) {
            if (message.text().startsWith("BYE ")) {
                send(callers, ok(message, "", ""));
                if (call != null) {
                    over(call);
                }
            }
            return;
        }
        if (call == null) {
            return;
        }
        int status = message.status();
        call.heard = true;
        if (!message.first("CSeq").endsWith("INVITE")) {
            over(call);
        } else if (status >= 300) {
            send(
                    callers,
                    request(
                                    "ACK",
                                    call.invite.substring(7, call.invite.indexOf(" SIP/2.0")),
                                    call.id,
                                    1,
                                    call.from,
                                    message.first("To"),
                                    "i" + call.from.substring(call.from.indexOf(";tag=f") + 6))
                            + SipMessage.end("application/sdp", ""));
            call.batch.refused.increment();
            call.batch.refusedMillis.add((now - call.invitedAt) / 1e6);
            over(call);
        } else if (status >= 200) {
            answered(call, message, now);
        }
    }

    private void answered(Call call, SipMessage message, long now) throws IOException {
        boolean again = call.answeredAt != 0;
        if (!again) {
            call.to = message.first("To");
            call.contact = SipMessage.address(message.first("Contact"));
            call.answeredAt = StampedSocket.now();
            call.batch.setupMillis.add((now - call.invitedAt) / 1e6);
            call.batch.answered.increment();
        }
        send(
                callers,
                request("ACK", call.contact, call.id, 1, call.from, call.to, "a")
                        + SipMessage.end("application/sdp", ""));
        if (again) {
            call.batch.repeats.increment();
            return;
        }
        Plan plan = call.batch.plan;
        if (plan.media()) {
            Voices.Voice voice = voices.open(message.mediaPort());
            call.voice = voice;
            Duration key = plan.key();
            if (key != null) {
                voice.isAPerson();
                after(key, () -> voice.press('1'));
            }
            after(Duration.ofSeconds(1), () -> firstAudio(call, voice));
        } else if (plan.talk() != null) {
            after(plan.talk(), () -> hangUp(call));
        }
    }

    private static void firstAudio(Call call, Voices.Voice voice) {
        if (voice.firstAudioAt() != 0) {
            // A packet may overtake the answer: then the caller waits for nothing.
            double millis = (voice.firstAudioAt() - call.answeredAt) / 1e6;
            call.batch.firstAudioMillis.add(Math.max(0, millis));
        }
    }

    private void after(Duration time, Runnable what) {
        if (time.isZero()) {
            what.run();
        } else {
            var _ = timer.schedule(what, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    // ------------------------------------------------------------------ what the assistant does

    private void toAssistant(SipMessage message, long now) throws IOException {
        String id = message.first("Call-ID");
        if (message.text().startsWith("INVITE ")) {
            AssistantLeg known = legs.get(id);
            if (known != null) {
                if (known.call() != null) {
                    known.call().batch.repeats.increment();
                }
                send(assistant, known.answer());
                return;
            }
            String user = message.first("From");
            int start = user.indexOf("sip:") + 4;
            Call call = byNumber.get(user.substring(start, user.indexOf('@', start)));
            Voices.@Nullable Voice caller = call == null ? null : call.voice;
            if (call != null && caller != null && caller.keyAt() != 0) {
                call.batch.keyToInviteMillis.add((now - caller.keyAt()) / 1e6);
            }
            String answer = ok(message, "", sdp);
            legs.put(id, new AssistantLeg(call, voices.open(message.mediaPort()), answer));
            send(assistant, answer);
        } else if (message.text().startsWith("ACK ")) {
            AssistantLeg leg = legs.get(id);
            if (leg != null && leg.call() != null) {
                Call call = leg.call();
                if (!call.bridged) {
                    call.bridged = true;
                    call.batch.bridged.increment();
                }
                if (call.batch.plan.talk() != null) {
                    after(call.batch.plan.talk(), () -> hangUp(call));
                }
            }
        } else if (message.text().startsWith("OPTIONS ")) {
            send(assistant, ok(message, "", ""));
        } else if (message.text().startsWith("BYE ") || message.text().startsWith("CANCEL ")) {
            send(assistant, ok(message, "", ""));
            AssistantLeg leg = legs.remove(id);
            if (leg != null && leg.voice() != null) {
                voices.close(leg.voice());
            }
        }
    }

    @Override
    public void close() throws IOException {
        running = false;
        timer.shutdownNow();
        timer.close();
        // A port is free only once nobody reads from its socket any more.
        callers.closeBehind(readers);
        assistant.closeBehind(readers);
    }
}
