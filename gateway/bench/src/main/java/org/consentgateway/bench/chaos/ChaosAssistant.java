package org.consentgateway.bench.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.consentgateway.testkit.Law;
import org.consentgateway.testkit.RtpVoice;
import org.consentgateway.testkit.SipDialog;
import org.consentgateway.testkit.SipFlow;
import org.consentgateway.testkit.SipMessage;
import org.consentgateway.testkit.SipServer;
import org.jspecify.annotations.Nullable;

/** An assistant, or a human, who keeps what each call heard, and behaves as told. Thread-safe. */
final class ChaosAssistant implements AutoCloseable {
    /** How it takes calls. */
    enum Manner {
        WELL,
        /** Not a word. */
        SILENT,
        /** For ever. */
        RINGS,
        REFUSES,
        /** A 200 that describes nothing. */
        SAYS_NOTHING_OF_MEDIA,
        /** A 200 that makes no sense. */
        BABBLES,
        /** Two who answer, behind a proxy that forks (RFC 3261 §13.2.2.4). */
        FORKS,
        /** Rings with sound, and is gone. */
        DIES_EARLY,
        /** Takes the call, and sends nothing and answers nothing from then on. */
        HANGS,
        /** Talks for half a second; from then on it sends nothing and answers nothing. */
        HANGS_IN_THE_TALK,
        /** Takes the call, and ends it after half a second. */
        HANGS_UP
    }

    private static final int SOON_MILLIS = 500;

    private final String name;
    private final Sounds sound;
    private final Words words;
    private final SipServer server;
    private final AtomicInteger count = new AtomicInteger();
    private final Map<String, Call> calls = new ConcurrentHashMap<>();
    private final List<Call> all = new CopyOnWriteArrayList<>();
    private volatile Manner manner = Manner.WELL;

    /**
     * @param words that callers say
     */
    ChaosAssistant(String name, Sounds sound, Words words) throws IOException {
        this.name = name;
        this.sound = sound;
        this.words = words;
        this.server = SipServer.udp(this::take);
    }

    /** One call: how many packets it heard of whom. Thread-safe. */
    static final class Call implements RtpVoice.Listener {
        private static final Pattern NUMBER = Pattern.compile("\\+49177\\d{7}");

        private final SipMessage invite;
        private final String tag;
        private final RtpVoice voice;
        private final Words words;
        private final long came = System.nanoTime();
        private volatile boolean deaf;
        private final AtomicInteger before = new AtomicInteger();
        private final AtomicInteger agreed = new AtomicInteger();
        private final AtomicInteger withdrawn = new AtomicInteger();

        Call(SipMessage invite, String tag, Words words) throws IOException {
            this.invite = invite;
            this.tag = tag;
            this.words = words;
            this.voice = new RtpVoice(this);
        }

        @Override
        public void audio(byte[] octets, Law law) {
            for (var each :
                    Map.of(
                                    Sounds.BEFORE, before,
                                    Sounds.AGREED, agreed,
                                    Sounds.WITHDRAWN, withdrawn)
                            .entrySet()) {
                if (each.getKey().isIn(octets, law)) {
                    each.getValue().incrementAndGet();
                }
            }
            if (words.isIn(octets, law)) {
                before.incrementAndGet();
            }
        }

        int port() {
            return voice.port();
        }

        /** Of {@code nanoTime}. */
        long came() {
            return came;
        }

        int before() {
            return before.get();
        }

        int agreed() {
            return agreed.get();
        }

        int withdrawn() {
            return withdrawn.get();
        }

        /** Who calls; empty where it was not told. */
        String number() {
            Matcher number = NUMBER.matcher(invite.header("From"));
            return number.find() ? number.group() : "";
        }

        /** The consent that it was told of. */
        String consent() {
            return invite.header("X-Consent-Id");
        }
    }

    String uri() {
        return "sip:" + name + "@127.0.0.1:" + server.port();
    }

    /** From the next message on. */
    void behave(Manner next) {
        manner = next;
    }

    List<Call> calls() {
        return all;
    }

    private void take(SipMessage message, SipFlow back) throws IOException {
        Manner now = manner;
        if (now == Manner.SILENT) {
            return;
        }
        String id = message.header("Call-ID");
        Call of = calls.get(id);
        if (of != null && of.deaf) {
            return;
        }
        switch (message.method()) {
            case "INVITE" -> invited(message, back, now);
            case "BYE" -> {
                Call over = calls.remove(id);
                if (over != null) {
                    over.voice.close();
                }
                back.send(message.response("200 OK", "", ""));
            }
            case "CANCEL", "OPTIONS", "INFO" -> back.send(message.response("200 OK", "", ""));
            default -> {
                // ACK
            }
        }
    }

    private void invited(SipMessage invite, SipFlow back, Manner now) throws IOException {
        String id = invite.header("Call-ID");
        Call known = calls.get(id);
        Call call = known == null ? new Call(invite, "c" + count.incrementAndGet(), words) : known;
        if (known == null) {
            calls.put(id, call);
            all.add(call);
        }
        String contact = server.contact(name);
        String ok = invite.response("200 OK", call.tag, contact, call.voice.sdp());
        switch (now) {
            case RINGS -> back.send(invite.response("180 Ringing", call.tag, contact, ""));
            case REFUSES -> back.send(invite.response("603 Decline", call.tag, "", ""));
            case SAYS_NOTHING_OF_MEDIA ->
                    back.send(invite.response("200 OK", call.tag, contact, ""));
            case BABBLES ->
                    back.send(
                            invite.response(
                                    "200 OK",
                                    call.tag,
                                    contact,
                                    "v=0\r\nm=audio 0 RTP/AVP 99\r\nc=IN IP4 999.0.0.1\r\n"));
            case DIES_EARLY -> back.send(ok.replaceFirst("200 OK", "183 Session Progress"));
            case FORKS -> {
                back.send(ok);
                back.send(invite.response("200 OK", call.tag + "-fork", contact, call.voice.sdp()));
                talk(call, known == null);
            }
            case HANGS -> back.send(ok);
            case HANGS_UP, HANGS_IN_THE_TALK -> {
                back.send(ok);
                talk(call, known == null);
                if (known == null) {
                    boolean tells = now == Manner.HANGS_UP;
                    Thread.ofVirtual().start(() -> leaves(call, tells ? back : null));
                }
            }
            default -> {
                back.send(ok);
                talk(call, known == null);
            }
        }
    }

    private void talk(Call call, boolean first) {
        if (first && call.invite.body().contains("m=audio ")) {
            Law law =
                    call.invite.find("m=audio \\d+ \\S+ (?:9 )?(\\d+)").equals("8")
                            ? Law.A
                            : Law.MU;
            call.voice.agree(call.invite, law, RtpVoice.EVENTS);
            call.voice.say(sound.octets());
            call.voice.talk();
            call.voice.listen();
        }
    }

    /**
     * @param back where it says so; null if it does not
     */
    private void leaves(Call call, @Nullable SipFlow back) {
        try {
            Thread.sleep(SOON_MILLIS);
            if (back == null) {
                call.deaf = true;
            } else {
                back.send(SipDialog.called(call.invite, server, name, call.tag).bye());
            }
        } catch (IOException closed) {
            // The run is over.
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
        call.voice.close();
    }

    @Override
    public void close() {
        server.close();
        all.forEach(call -> call.voice.close());
    }
}
