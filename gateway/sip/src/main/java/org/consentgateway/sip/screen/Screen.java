package org.consentgateway.sip.screen;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every message of a known source before the parser does, which is dear, and takes any
 * protocol version for 2.0 and any number of headers. Thread-safe. Under overload nothing is spent
 * on the INVITE of a call that will not be taken, nor kept of it.
 */
public final class Screen {
    /** Header lines of one message; a call through five proxies has some forty. */
    public static final int MAX_HEADER_LINES = 200;

    /**
     * With so many transactions nothing is taken that would make one more, but requests of calls;
     * some 3,000 calls a minute leave them behind.
     */
    public static final int MAX_TRANSACTIONS = 20_000;

    /**
     * Of those, what datagrams may take by being large: their senders may be forged, and what comes
     * over connections has the rest.
     */
    static final int MOST_OF_DATAGRAMS = MAX_TRANSACTIONS / 4 * 3;

    /** With so many, nothing is taken of calls either but an ACK, and a BYE for each. */
    private static final int MOST_TRANSACTIONS = 25_000;

    /**
     * Commas, semicolons and ampersands in the headers of one message; a call through five proxies
     * has some two hundred. Of each the parser makes objects that stay with its transaction: one
     * Accept with 3,500 values kept 0.8 MB for 32 s, and two calls with twenty of those a second
     * filled a heap of 1 GB.
     */
    public static final int MAX_SEPARATORS = 500;

    /** A request of a call that is larger counts for several (octets). */
    private static final int USUAL_OCTETS = 1600;

    /** The same of its separators. */
    private static final int USUAL_SEPARATORS = 50;

    /** A sender above its rate need not be sent away for long. */
    private static final int RATE_RETRY_SECONDS = 1;

    /**
     * Of an INVITE that was let in as a call; of one to a number that is not ours, as how many
     * usual ones it counts.
     */
    private static final int CALL = 0;

    private final LiveCounters tally;
    private final KnownSources sources;
    private final LongSupplier nanos;
    private final Traffic calls;
    private volatile SourceRates rates;
    private final Recent passed;
    private final Recent refused;
    private final Allowances allowances;
    private final RecentWeight beyondUsual;
    private final RecentWeight beyondUsualOfProven;

    /** What is to be done with a message. */
    public sealed interface Verdict {
        /** For the parser, so many octets of it. */
        record Pass(int end) implements Verdict {}

        /** Nobody hears of it. */
        record Drop() implements Verdict {}

        /**
         * @param port at the source's address, for a datagram
         * @param lost whether no later message can be found in a stream
         */
        record Answer(byte[] message, int port, boolean lost) implements Verdict {}

        Drop DROP = new Drop();
        Answer LOST = new Answer(new byte[0], 0, true);
    }

    /** What there is of calls. Thread-safe. */
    public interface Traffic {
        /**
         * Of which trunk a request is.
         *
         * @param all that may send from its address; one or more
         * @param requestUri as it came
         */
        Trunk addressed(List<Trunk> all, String requestUri);

        /**
         * Whether the number that a Request-URI names is one that is answered by us.
         *
         * @param requestUri as it came
         */
        boolean serves(Trunk trunk, String requestUri);

        /**
         * Whether a call of the trunk of that name could be taken at all.
         *
         * @param proven whether it comes over a connection
         */
        CallAdmission door(String trunk, boolean proven);

        /**
         * A CANCEL of an INVITE that was let in: the stack keeps those to itself that come behind a
         * 2xx.
         *
         * @param invite key of its {@link InviteIdentity}
         */
        void cancelled(long invite);

        /** Whether there is a dialog with this tag of ours. */
        boolean has(String callId, String localTag);

        /** Whether a request of ours waits for responses to it. */
        boolean awaits(String branch);

        /**
         * A response to a request of ours of which the parser makes nothing. What it says of that
         * request may be wrong.
         *
         * @param method of the request
         */
        void unreadable(String branch, String method, int status);

        /** Transactions there are. */
        int transactions();
    }

    /**
     * How much comes of one source in a second, and at once.
     *
     * @param invites new calls
     * @param others other requests that belong to no call, malformed messages, and what comes of a
     *     call or an INVITE beyond what it may have
     */
    public record Rates(int invites, int others) {}

    /**
     * @param t1 of RFC 3261 §17.1.1.1
     */
    public Screen(
            Rates perSource,
            Duration t1,
            LiveCounters tally,
            KnownSources sources,
            Traffic calls,
            LongSupplier nanos) {
        this.tally = tally;
        this.sources = sources;
        this.calls = calls;
        this.nanos = nanos;
        this.rates = new SourceRates(perSource, nanos.getAsLong());
        // As long as anything of the INVITE's transaction may still come (RFC 3261 §17).
        long lifetime = t1.multipliedBy(64).toNanos();
        this.passed = new Recent(lifetime);
        this.refused = new Recent(lifetime);
        this.allowances = new Allowances(lifetime, nanos.getAsLong());
        this.beyondUsual = new RecentWeight(lifetime, nanos.getAsLong());
        this.beyondUsualOfProven = new RecentWeight(lifetime, nanos.getAsLong());
    }

    /** Other rates from now on: each source starts anew. */
    public void limit(Rates perSource) {
        if (!perSource.equals(rates.perSource())) {
            rates = new SourceRates(perSource, nanos.getAsLong());
        }
    }

    /**
     * @param head of the message
     * @param end behind its last octet, as far as it has come
     * @param protocol it came by, as in a Via: UDP, TCP or TLS
     */
    public Verdict look(MessageHead head, int end, InetSocketAddress source, String protocol) {
        boolean stream = !protocol.equals("UDP"); // where lengths count
        SourceRates.Sender sender = sender(head, source, stream);
        Trunk trunk = sender.trunk();
        if (trunk != null && !trunk.comesBy(protocol) && !isOfCall(head)) {
            return dropped(Rejection.OTHER_TRANSPORT);
        }
        if (head.isOtherVersion()) {
            return refuse(head, sender, 505, "Version Not Supported", Rejection.VERSION, false);
        }
        if (!head.isVersion2() || head.contentLength() == MessageHead.BAD_LENGTH) {
            return malformed(head, sender, "Bad Request", stream);
        }
        if (head.lines() > MAX_HEADER_LINES) {
            return refuse(
                    head, sender, 400, "Too Many Header Fields", Rejection.TOO_MANY_HEADERS, false);
        }
        if (head.separators() > MAX_SEPARATORS) {
            return refuse(
                    head, sender, 400, "Too Many Header Values", Rejection.TOO_MANY_HEADERS, false);
        }
        if (head.bareReturn()) {
            // Others may see a line's end in it; the stack's thread dies of three.
            return malformed(head, sender, "Carriage Return Within Line", false);
        }
        String fault = head.isResponse() ? null : Faults.of(head, protocol);
        if (fault != null) {
            return malformed(head, sender, fault, false);
        }
        int length = Math.max(0, head.contentLength());
        boolean told = head.contentLength() != MessageHead.NO_LENGTH;
        if (told && !stream && length > end - head.bodyAt()) {
            // RFC 3261 §18.3: a datagram that is shorter than it says.
            return malformed(head, sender, "Content-Length Beyond Message", false);
        }
        Verdict.Pass pass = new Verdict.Pass(told ? head.bodyAt() + length : end);
        return switch (head.method()) {
            case "INVITE" ->
                    head.toTag() != null ? other(head, sender, pass) : invite(head, sender, pass);
            case "ACK" -> isForRefusal(head) ? Verdict.DROP : other(head, sender, pass);
            default -> head.isResponse() ? response(head, pass) : other(head, sender, pass);
        };
    }

    /** A message that has passed here, and that the parser has not read. */
    public void unread(MessageHead head) {
        if (head.isResponse() && !head.vias().isEmpty()) {
            String branch = TopVia.of(head.vias().getFirst()).branch();
            calls.unreadable(branch, head.sequenceMethod(), head.status());
        }
    }

    /** A message of a stream that passes here, and that the parser will not read. */
    public Verdict unreadable(MessageHead head, InetSocketAddress source) {
        return malformed(head, sender(head, source, true), "Malformed Header Field", false);
    }

    /**
     * Only what answers a request of ours, or is of a call of ours (a 2xx that is repeated, or of
     * another fork), and not more of it than there may be of requests: anybody who can forge an
     * address may send responses, and to parse one is dear.
     */
    private Verdict response(MessageHead head, Verdict.Pass pass) {
        String callId = head.callId();
        String from = head.from();
        String tag = from == null ? null : MessageHead.tag(from);
        if (callId == null || tag == null || head.vias().isEmpty()) {
            unread(head);
            return dropped(Rejection.MALFORMED);
        }
        if (!calls.has(callId, tag) && !calls.awaits(TopVia.of(head.vias().getFirst()).branch())) {
            return dropped(Rejection.STRAY_RESPONSE);
        }
        return allowances.answers(callId, tag, weight(head, pass), nanos.getAsLong())
                ? pass
                : dropped(Rejection.REQUEST_RATE);
    }

    private boolean isOfCall(MessageHead head) {
        String tag = head.toTag();
        String callId = head.callId();
        return head.isResponse() || (tag != null && callId != null && calls.has(callId, tag));
    }

    private SourceRates.Sender sender(MessageHead head, InetSocketAddress source, boolean proven) {
        List<Trunk> all = sources.trunks(source.getAddress());
        Trunk trunk = all.isEmpty() ? null : calls.addressed(all, head.requestUri());
        return new SourceRates.Sender(source, trunk, proven);
    }

    private Verdict dropped(Rejection why) {
        tally.rejected(why);
        return Verdict.DROP;
    }

    /** A request that is no new call: of a call, or one of so many in a second. */
    private Verdict other(MessageHead head, SourceRates.Sender sender, Verdict.Pass pass) {
        String tag = head.toTag();
        String callId = head.callId();
        long now = nanos.getAsLong();
        int weight = weight(head, pass);
        if (tag == null || callId == null || !calls.has(callId, tag)) {
            InviteIdentity invite = fits(weight, sender, now) ? invite(head) : null;
            if (invite != null) {
                if (!isStray(invite)) {
                    keep(weight, sender.proven(), now);
                }
                return pass;
            }
            return mayCome(head, sender) ? pass : Verdict.DROP;
        }
        boolean ofCall =
                allowances.ofCall(callId, tag, weight, now)
                        && (calls.transactions() + beyondUsual.sum(now) < MOST_TRANSACTIONS
                                || head.method().equals("ACK")
                                || (head.method().equals("BYE")
                                        && allowances.ends(callId, tag, weight, now)));
        if (!ofCall && invite(head) == null && !mayCome(sender, weight)) {
            return Verdict.DROP;
        }
        keep(weight, sender.proven(), now);
        return pass;
    }

    /** Whether what is large about it may be kept with that of others. */
    private boolean fits(int weight, SourceRates.Sender sender, long now) {
        int most = sender.proven() ? MAX_TRANSACTIONS : MOST_OF_DATAGRAMS;
        return weight == 1 || beyondUsual.sum(now) + weight <= most;
    }

    private void keep(int weight, boolean proven, long now) {
        beyondUsual.add(weight - 1, now);
        if (proven) {
            beyondUsualOfProven.add(weight - 1, now);
        }
    }

    /** As how many usual requests of a call it counts, by what its transaction keeps of it. */
    private static int weight(MessageHead head, Verdict.Pass pass) {
        int octets = head.octets() + pass.end() - head.bodyAt();
        return 1 + octets / USUAL_OCTETS + head.separators() / USUAL_SEPARATORS;
    }

    /** That of a CANCEL, or of the ACK to a refusal, if it was let in; else null. */
    private @Nullable InviteIdentity invite(MessageHead head) {
        boolean may = head.method().equals("CANCEL") || head.method().equals("ACK");
        InviteIdentity identity = may ? InviteIdentity.of(head) : null;
        long now = nanos.getAsLong();
        if (identity == null
                || passed.number(identity.key(), now) == Recent.NO
                || !allowances.repeats(identity.key(), now)) {
            return null;
        }
        if (head.method().equals("CANCEL")) {
            calls.cancelled(identity.key());
        }
        return identity;
    }

    /** Counts a message of which nothing speaks for its being wanted; whether it may come in. */
    private boolean mayCome(MessageHead head, SourceRates.Sender sender) {
        long now = nanos.getAsLong();
        SourceRates counting = rates;
        InviteIdentity identity = null;
        boolean slow = counting.other(sender, 1, now);
        if (!slow && head.method().equals("OPTIONS") && head.toTag() == null) {
            identity = InviteIdentity.of(head);
        }
        return isRoom(
                slow || (identity != null && counting.options(sender, identity.key(), now)),
                sender,
                now);
    }

    /**
     * The same.
     *
     * @param weight so many it counts for
     */
    private boolean mayCome(SourceRates.Sender sender, int weight) {
        long now = nanos.getAsLong();
        return isRoom(rates.other(sender, weight, now), sender, now);
    }

    /** What datagrams have kept takes nothing from connections. */
    private boolean isRoom(boolean slow, SourceRates.Sender sender, long now) {
        if (!slow) {
            tally.rejected(Rejection.REQUEST_RATE);
            return false;
        }
        RecentWeight large = sender.proven() ? beyondUsualOfProven : beyondUsual;
        if (calls.transactions() + large.sum(now) >= MAX_TRANSACTIONS) {
            tally.rejected(Rejection.TRANSACTIONS);
            return false;
        }
        return true;
    }

    private Verdict invite(MessageHead head, SourceRates.Sender sender, Verdict.Pass pass) {
        Trunk trunk = sender.trunk();
        InviteIdentity identity = InviteIdentity.of(head);
        if (trunk == null && !mayCome(sender, 1)) {
            return Verdict.DROP;
        }
        if (trunk == null || identity == null) {
            return pass; // for those behind the parser to say
        }
        long now = nanos.getAsLong();
        int before = refused.number(identity.key(), now);
        boolean known = before != Recent.NO || passed.number(identity.key(), now) != Recent.NO;
        if (known && !allowances.repeats(identity.key(), now) && !mayCome(sender, 1)) {
            return Verdict.DROP;
        }
        if (before != Recent.NO) {
            tally.retransmission();
            return answer(head, sender, identity, before);
        }
        if (known) {
            return pass;
        }
        boolean serves = calls.serves(trunk, head.requestUri());
        if (!(serves ? rates.call(sender, now) : rates.stray(sender, now))) {
            return shed(head, sender, identity, Rejection.SOURCE_RATE, RATE_RETRY_SECONDS);
        }
        int weight = weight(head, pass);
        if (!fits(weight, sender, now)) {
            return shed(head, sender, identity, Rejection.LARGE_CALLS, RATE_RETRY_SECONDS);
        }
        if (!serves) {
            passed.add(identity.key(), weight, now); // nothing of it is kept
            return pass; // for those behind the parser to say
        }
        return switch (calls.door(trunk.name(), sender.proven())) {
            case CallAdmission.Full full ->
                    shed(
                            head,
                            sender,
                            identity,
                            full.limit().rejection(),
                            full.retryAfterSeconds());
            case CallAdmission.Draining draining ->
                    shed(head, sender, identity, Rejection.DRAINING, 0);
            case CallAdmission.Accepted accepted -> {
                passed.add(identity.key(), CALL, now);
                keep(weight, sender.proven(), now);
                yield pass;
            }
            case CallAdmission.UnknownLine unknown -> pass;
            case CallAdmission.Emergency emergency -> pass;
        };
    }

    /** Whether it came in as an INVITE to a number that is not ours, which counts as no call. */
    public boolean isStray(InviteIdentity identity) {
        return passed.number(identity.key(), nanos.getAsLong()) > CALL;
    }

    /**
     * One that came in as such is a call all the same: what it keeps counts from now on.
     *
     * @param proven whether it came over a connection
     */
    public void isCall(InviteIdentity stray, boolean proven) {
        long now = nanos.getAsLong();
        keep(passed.number(stray.key(), now), proven, now);
        passed.add(stray.key(), CALL, now);
    }

    private Verdict shed(
            MessageHead head,
            SourceRates.Sender sender,
            InviteIdentity identity,
            Rejection why,
            int retryAfterSeconds) {
        tally.request("INVITE");
        Trunk trunk = sender.trunk();
        tally.rejected(why, trunk);
        if (trunk != null) {
            tally.answered(trunk.name(), 503, true);
        }
        shed(identity, retryAfterSeconds);
        return answer(head, sender, identity, retryAfterSeconds);
    }

    /** From now on, each repetition of this INVITE gets the same answer, and its ACK none. */
    public void shed(InviteIdentity identity, int retryAfterSeconds) {
        refused.add(identity.key(), retryAfterSeconds, nanos.getAsLong());
    }

    private static Verdict answer(
            MessageHead head,
            SourceRates.Sender sender,
            InviteIdentity identity,
            int retryAfterSeconds) {
        String more = retryAfterSeconds > 0 ? "Retry-After: " + retryAfterSeconds + "\r\n" : "";
        byte[] message =
                StatelessAnswer.of(
                        head, sender.at(), 503, "Service Unavailable", identity.tag(), more);
        return new Verdict.Answer(message, StatelessAnswer.port(head, sender.at()), false);
    }

    /** Whether it acknowledges a stateless refusal of ours: nobody else wants it. */
    private boolean isForRefusal(MessageHead head) {
        InviteIdentity identity = InviteIdentity.of(head);
        return identity != null && identity.tag().equals(head.toTag());
    }

    private Verdict malformed(
            MessageHead head, SourceRates.Sender sender, String reason, boolean lost) {
        return refuse(head, sender, 400, reason, Rejection.MALFORMED, lost);
    }

    private Verdict refuse(
            MessageHead head,
            SourceRates.Sender sender,
            int status,
            String reason,
            Rejection why,
            boolean lost) {
        tally.rejected(why);
        unread(head);
        if (!head.isAnswerable() || !mayCome(sender, 1)) {
            return lost ? Verdict.LOST : Verdict.DROP;
        }
        InviteIdentity identity = InviteIdentity.of(head);
        byte[] message =
                StatelessAnswer.of(
                        head,
                        sender.at(),
                        status,
                        reason,
                        identity == null ? SipText.tag() : identity.tag(),
                        "");
        return new Verdict.Answer(message, StatelessAnswer.port(head, sender.at()), lost);
    }

    /** A message too long for the parser; in a stream, what follows it can still be found. */
    public Verdict tooLong(MessageHead head, InetSocketAddress source, boolean lost) {
        return refuse(
                head,
                sender(head, source, true),
                513,
                "Message Too Large",
                Rejection.TOO_LONG,
                lost);
    }
}
