package org.consentgateway.sip.transport;

import gov.nist.core.NameValue;
import gov.nist.javax.sip.header.CSeq;
import gov.nist.javax.sip.header.CallID;
import gov.nist.javax.sip.header.ContentLength;
import gov.nist.javax.sip.header.From;
import gov.nist.javax.sip.header.ParametersHeader;
import gov.nist.javax.sip.header.RequestLine;
import gov.nist.javax.sip.header.StatusLine;
import gov.nist.javax.sip.header.To;
import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.header.ViaList;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.parser.Lexer;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.sip.header.ContentLengthHeader;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.OwnHeaders;
import org.consentgateway.sip.message.UnmarkedVia;
import org.consentgateway.sip.screen.InviteIdentity;
import org.consentgateway.sip.screen.MessageHead;
import org.jspecify.annotations.Nullable;

/**
 * The stack's parser, mended, whose refusals are counted, and which takes out what only we may
 * write. Thread-safe. The stack answers them with a 400 that repeats the exception's text: that
 * must name neither the library nor what was sent, and hold no line end.
 */
final class CountedParser implements MessageParser {
    /** Completes the reason phrase "Bad Request (…)". */
    static final String WHY = "Malformed Header Field";

    /** Its name, and its short one (RFC 3261, 20.42). */
    private static final Set<String> VIA = Set.of("via", "v");

    /** Of what is {@link #NEEDED}, by short names (RFC 3261, 7.3.3). */
    private static final Map<String, String> IN_FULL =
            Map.of("v", "Via", "f", "From", "t", "To", "i", "Call-ID", "l", "Content-Length");

    /** Where a party stands with its tag. */
    private static final Pattern PARTY = Pattern.compile("(?i)(?:from|to)\\s*+:");

    /**
     * Fields that we have no use for, and whose parser writes each that is malformed to standard
     * error with a stack trace, as often as somebody sends one.
     */
    private static final Set<String> WRITTEN_OUT =
            Set.of("p-asserted-service", "p-preferred-service");

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    static final int UNREADABLE = -1;

    /** What the stack does not answer a message without. */
    private static final Set<Class<?>> NEEDED =
            Set.of(
                    RequestLine.class,
                    StatusLine.class,
                    Via.class,
                    From.class,
                    To.class,
                    CallID.class,
                    CSeq.class,
                    ContentLength.class);

    private final MessageParser parser = new Lenient();
    private final LiveCounters tally;
    private final boolean told;
    private final LongSupplier nanos;
    private final Consumer<MessageHead> unread;
    private final ConcurrentMap<Thread, Long> begun = new ConcurrentHashMap<>();

    /**
     * @param told whether what a gateway tells of consents is for us
     * @param unread told of what it refuses
     */
    CountedParser(
            LiveCounters tally, boolean told, LongSupplier nanos, Consumer<MessageHead> unread) {
        this.tally = tally;
        this.told = told;
        this.nanos = nanos;
        this.unread = unread;
    }

    /** How long it has been at the message that it has been at for longest. */
    Duration busy() {
        long now = nanos.getAsLong();
        return begun.values().stream()
                .map(since -> Duration.ofNanos(now - since))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    @Override
    public SIPMessage parseSIPMessage(
            byte[] message, boolean readBody, boolean strict, ParseExceptionListener listener)
            throws ParseException {
        try {
            SIPMessage parsed = watched(message, readBody, strict, listener);
            parsed.setSize(message.length); // of a datagram; the parser's own is without the body
            if (!told) {
                OwnHeaders.takeOut(parsed);
            }
            takeOutBadPorts(parsed);
            tellApart(parsed);
            return parsed;
        } catch (ParseException malformed) {
            tally.rejected(Rejection.MALFORMED);
            MessageHead head = MessageHead.of(message, 0, message.length);
            if (head != null) {
                unread.accept(head);
            }
            throw new ParseException(WHY, malformed.getErrorOffset());
        }
    }

    /**
     * An {@code rport} that is no port, in any Via: the stack fails at it with each answer that it
     * makes, and of a call that cannot be answered it would keep everything.
     */
    private static void takeOutBadPorts(SIPMessage message) {
        ViaList all = message.getViaHeaders();
        if (all == null) {
            return;
        }
        for (Via via : all) {
            String port = via.getParameter(Via.RPORT);
            if (port != null && !port.isEmpty() && !PORT.matcher(port).matches()) {
                via.removeParameter(Via.RPORT);
            }
        }
    }

    /** A message of a peer of RFC 2543 (RFC 3261, 17.2.3); what lacks a field is refused later. */
    private static void tellApart(SIPMessage message) {
        Via via = message.getTopmostVia();
        if (via == null
                || UnmarkedVia.isMarked(via.getBranch())
                || message.getCallId() == null
                || message.getCSeq() == null
                || message.getFrom() == null) {
            return;
        }
        String tag = message.getFromTag();
        InviteIdentity identity =
                InviteIdentity.of(
                        message.getCallId().getCallId(),
                        tag == null ? "" : tag,
                        via.getSentBy().encode() + ';' + UnmarkedVia.written(via),
                        Long.toString(message.getCSeq().getSeqNumber()));
        UnmarkedVia.assume(message, identity.key());
    }

    private SIPMessage watched(
            byte[] message, boolean readBody, boolean strict, ParseExceptionListener listener)
            throws ParseException {
        begun.put(Thread.currentThread(), nanos.getAsLong());
        try {
            return parser.parseSIPMessage(message, readBody, strict, listener);
        } finally {
            begun.remove(Thread.currentThread());
        }
    }

    /**
     * How many octets of a body the stack will read behind this head from a connection.
     *
     * @return {@link #UNREADABLE} where it will refuse it
     */
    int bodyBehind(byte[] octets, int start, int end) {
        // There and back as in the stack: octets that are no UTF-8 come out as others.
        String text = new String(octets, start, end - start, StandardCharsets.UTF_8);
        try {
            SIPMessage parsed =
                    watched(
                            text.getBytes(StandardCharsets.UTF_8),
                            false,
                            false,
                            CountedParser::refuse);
            if (parsed == null) {
                return UNREADABLE;
            }
            ContentLengthHeader length = parsed.getContentLength();
            return length == null ? 0 : length.getContentLength();
        } catch (ParseException | RuntimeException refused) {
            return UNREADABLE;
        }
    }

    private static void refuse(
            ParseException why,
            SIPMessage message,
            @Nullable Class<?> part,
            String header,
            String all)
            throws ParseException {
        if (part != null && NEEDED.contains(part)) {
            throw why;
        }
        message.addUnparsed(header);
    }

    /**
     * Some malformed headers come out of the stack's parser as exceptions of its own (what is no
     * number in RSeq, {@code Server: /}, {@code Contact: *} before another), behind which the whole
     * message is forgotten and never answered. They are as others that are malformed: passed over
     * where nobody needs them (RFC 3261, 8.2.2), which the listener decides.
     */
    private static final class Lenient extends StringMsgParser {
        @Override
        protected void processHeader(
                String header, SIPMessage message, ParseExceptionListener listener, byte[] raw)
                throws ParseException {
            if (isWrittenOut(header)) {
                message.addUnparsed(header);
                return;
            }
            if (escapesItsEnd(header)) {
                listener.handleException(malformed(), message, Via.class, header, null);
                return;
            }
            try {
                process(inFull(header), message, listener, raw);
            } catch (RuntimeException | StackOverflowError broken) {
                listener.handleException(malformed(), message, null, header, null);
            }
        }

        /**
         * A tag that is no token (RFC 3261, 25.1) has the stack refuse the whole message, or the
         * answer to it. Whoever writes one looks for it in what we send: so it stays as it is, and
         * to the stack there is none. The screen refuses it where it would begin a call of ours.
         */
        private void process(
                String header, SIPMessage message, ParseExceptionListener listener, byte[] raw)
                throws ParseException {
            String tag = PARTY.matcher(header).lookingAt() ? MessageHead.tag(header) : null;
            if (tag == null || MessageHead.isToken(tag)) {
                super.processHeader(header, message, listener, raw);
                return;
            }
            int at = header.indexOf(tag, MessageHead.tagAt(header));
            String readable = header.substring(0, at) + 't' + header.substring(at + tag.length());
            super.processHeader(readable, message, listener, raw);
            boolean from = Character.toLowerCase(header.charAt(0)) == 'f';
            if ((from ? message.getFrom() : message.getTo()) instanceof ParametersHeader party) {
                party.removeParameter("tag");
                party.setParameter(new NameValue("tag=" + tag, null));
            }
        }

        /**
         * With the long name of a field that is needed: of a short one the stack knows no class.
         */
        private static String inFull(String header) {
            String name = Lexer.getHeaderName(header);
            String full = name == null ? null : IN_FULL.get(name.toLowerCase(Locale.ROOT));
            return full == null ? header : full + header.substring(header.indexOf(':'));
        }

        private static boolean isWrittenOut(String header) {
            String name = Lexer.getHeaderName(header);
            return name != null && WRITTEN_OUT.contains(name.toLowerCase(Locale.ROOT));
        }

        private static ParseException malformed() {
            return new ParseException(WHY, 0);
        }

        /**
         * A Via whose last octet is a backslash. It escapes nothing (RFC 3261, 25.1, quoted-pair);
         * within a comment the stack's parser reads on behind it, and what it finds there until the
         * memory is full.
         */
        private static boolean escapesItsEnd(String header) {
            String name = Lexer.getHeaderName(header);
            return header.endsWith("\\")
                    && name != null
                    && VIA.contains(name.toLowerCase(Locale.ROOT));
        }
    }
}
