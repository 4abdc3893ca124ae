package org.consentgateway.trial.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.consentgateway.consent.EndOfConsent;
import org.consentgateway.media.MediaDrop;
import org.consentgateway.media.MediaFormat;
import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.MediaStats;
import org.consentgateway.media.MediaTotals;
import org.consentgateway.media.Playback;
import org.consentgateway.media.audio.AudioClip;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.endpoint.SipEndpoint;
import org.consentgateway.sip.sdp.Srtp;
import org.consentgateway.sip.transport.SipStep;
import org.consentgateway.target.ConsentNews;
import org.consentgateway.target.PurposeInfo;
import org.consentgateway.target.PurposeReport;
import org.consentgateway.trial.Observation;
import org.consentgateway.trial.TrialConsent;
import org.consentgateway.trial.TrialTokenSource;

/**
 * Confined to the thread that runs it. One call to an assistant that is tried, from the INVITE to
 * what still comes after the BYE.
 *
 * <pre>
 *   trial                                  assistant
 *    │ INVITE, X-Consent-Token ─────────────► │   answer, codec, keys, INFO
 *    │ ◄──────────────────────────── greeting │   RTP, sound, its end
 *    │ key 5; INFO "ended" ─────────────────► │   one purpose less
 *    │ the caller's sentence ───────────────► │   what it says to it
 *    │ the same into its answer ────────────► │   whether it stops
 *    │ re-INVITE sendonly, sendrecv ────────► │   hold, and the end of it
 *    │ ◄─ INFO "step-up", at any time         │   asking, granted or declined
 *    │ INFO "withdrawn", BYE ───────────────► │   and silence from then on
 * </pre>
 */
final class SipTalk {
    /** Four INVITEs by UDP: who is there has said so by then, and the gateway waits no longer. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(4);

    private static final Duration SLOW = Duration.ofSeconds(3);

    /** RTP begins with the answer, be it silence. */
    private static final Duration FIRST_PACKET = Duration.ofSeconds(5);

    static final Duration GREETING = Duration.ofSeconds(10);
    static final Duration ANSWER = Duration.ofSeconds(12);
    private static final Duration AFTER_NEWS = Duration.ofSeconds(1);
    private static final Duration QUESTION = Duration.ofSeconds(4);

    /** A pause that ends what somebody says. */
    private static final Duration PAUSE = Duration.ofMillis(1200);

    /** Shorter: who stops does so in the middle of a word. */
    private static final Duration STOPPED = Duration.ofMillis(400);

    /** As much as a caller would notice: it talks on after somebody has spoken into it. */
    private static final Duration BARGE_IN = Duration.ofMillis(1500);

    /** So long may an answer to a request of ours take. */
    private static final Duration REPLY = Duration.ofSeconds(5);

    /** What was on its way when a hold, or the end, was told. */
    private static final Duration ON_ITS_WAY = Duration.ofMillis(500);

    /** So long after the BYE the last packet may be on its way. */
    private static final Duration UNTIL_SILENT = Duration.ofSeconds(1);

    private static final double BAD_LOSS_PERCENT = 2;
    private static final double BAD_JITTER_MILLIS = 30;
    private static final int NO_REPLY = 408;

    private final SipTrial.Whom whom;
    private final SipTrial.Placed placed;
    private final TrialCall call;
    private final TrialTokenSource tokens;
    private final AudioClip speech;
    private final Supplier<MediaTotals> totals;
    private final SipEndpoint sip;
    private final List<Observation> findings = new ArrayList<>();
    private final Set<String> granted = new TreeSet<>(Set.of("assistant", "transcript"));
    private final Set<String> refused = new HashSet<>();

    /** The assistant has hung up, or is lost. */
    private static final class Over extends Exception {
        private static final long serialVersionUID = 1;
    }

    SipTalk(
            SipTrial.Whom whom,
            SipTrial.Placed placed,
            TrialTokenSource tokens,
            AudioClip speech,
            Supplier<MediaTotals> totals,
            SipEndpoint sip) {
        this.whom = whom;
        this.placed = placed;
        this.call = placed.call();
        this.tokens = tokens;
        this.speech = speech;
        this.totals = totals;
        this.sip = sip;
    }

    List<Observation> run() throws InterruptedException {
        if (!answers()) {
            return findings;
        }
        describesItself();
        try {
            if (isHeard()) {
                greets();
                losesAPurpose();
                answersTheCaller();
                isHeld();
            }
            isWithdrawn();
        } catch (Over over) {
            hasHungUp();
        }
        sound();
        return findings;
    }

    private void right(String words) {
        findings.add(Observation.right(words));
    }

    private void odd(String words) {
        findings.add(Observation.odd(words));
    }

    private void wrong(String words) {
        findings.add(Observation.wrong(words));
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1000.0;
    }

    // ------------------------------------------------------------------ the answer

    private boolean answers() throws InterruptedException {
        boolean settled = call.until(() -> call.isSettled() || call.isHeardOf(), SIGN_OF_LIFE);
        if (!settled) {
            wrong(
                    ("Nothing comes back within %d s: the gateway waits no longer, and the caller"
                                    + " goes to a human.")
                            .formatted(SIGN_OF_LIFE.toSeconds()));
            placed.dialog().hangUp(IncomingCall.Ending.NORMAL);
            return false;
        }
        if (!call.until(call::isSettled, whom.ring())) {
            wrong(
                    ("It %s for %d s and does not answer: the caller goes to a human"
                                    + " (ring-timeout).")
                            .formatted(
                                    call.hasRung() ? "rings" : "works on the call",
                                    whom.ring().toSeconds()));
            cancels();
            return false;
        }
        if (!call.isAnswered()) {
            wrong(refusal());
            return false;
        }
        if (call.untilAnswered().compareTo(SLOW) > 0) {
            odd(
                    ("It takes the call after %.1f s: after the confirmation the caller hears it"
                                    + " ring.")
                            .formatted(seconds(call.untilAnswered())));
        } else {
            right("It takes the call after %.1f s.".formatted(seconds(call.untilAnswered())));
        }
        return true;
    }

    private void cancels() throws InterruptedException {
        placed.dialog().hangUp(IncomingCall.Ending.NORMAL);
        boolean ended = call.until(() -> came("487 INVITE"), REPLY);
        if (ended) {
            right("It stops when the call is cancelled.");
        } else {
            wrong("It does not stop when the call is cancelled: 487 has to come (RFC 3261 §9.2).");
        }
    }

    private boolean came(String message) {
        return steps().anyMatch(step -> !step.sent() && step.message().startsWith(message));
    }

    private Stream<SipStep> steps() {
        return sip.ladder(placed.consent().call()).stream();
    }

    private String refusal() {
        if (came("200 INVITE")) {
            return !call.whyUnusable().isEmpty()
                    ? "Its answer cannot be used: " + call.whyUnusable() + "."
                    : came("200 INVITE sdp")
                            ? "Its answer names nothing that was offered."
                            : "Its 200 says nothing of media: an answer has to hold an SDP.";
        }
        int status = call.refusal();
        String said = "It refuses the call (" + status + ")";
        return switch (status) {
            case 401, 407 ->
                    whom.login().isPresent()
                            ? "It does not take the password (" + status + ")."
                            : "It wants a password (" + status + "): --user and --password-file.";
            case 403, 603 ->
                    tokens.tokens() == null
                            ? said + ": if it checks tokens, it needs --issuer."
                            : said + ", though the token is as it should be.";
            case 404 -> said + ": it knows nobody of this name.";
            case 408 -> "It does not answer in time (408).";
            case 480, 486, 600 -> said + ": it is busy, or not there.";
            case 488, 415, 606 ->
                    said
                            + ": it can use nothing of what is offered (PCMA, PCMU"
                            + (whom.srtp() == Srtp.OFF ? ", without encryption: --srtp)." : ").");
            case 503 ->
                    call.isHeardOf()
                            ? said + ": it is out of service."
                            : "It cannot be reached: no server answers at " + whom.uri() + ".";
            default -> said + ".";
        };
    }

    private void describesItself() {
        MediaFormat format = call.format();
        if (format == null) {
            return;
        }
        right("It agrees to %s.".formatted(format.codec().name()));
        if (!format.hasEvents()) {
            odd("It does not take keys: its answer has no telephone-event (RFC 4733).");
        }
        if (!placed.dialog().takesInfo()) {
            odd(
                    "Its 2xx does not allow INFO: it is told nothing of single purposes, and of a"
                            + " withdrawal by the BYE alone.");
        }
    }

    // ------------------------------------------------------------------ the talk

    /** Waits as the call does; what it asks for meanwhile is answered, and takes its time. */
    private boolean waits(BooleanSupplier what, Duration patience)
            throws InterruptedException, Over {
        while (true) {
            boolean came =
                    call.until(
                            () -> what.getAsBoolean() || call.isAsked() || call.isOver(), patience);
            if (call.isOver()) {
                throw new Over();
            }
            if (!call.isAsked()) {
                return came;
            }
            answersItsRequest();
        }
    }

    private boolean isHeard() throws InterruptedException, Over {
        boolean heard = waits(call::hasSent, FIRST_PACKET);
        if (!heard) {
            wrong(whyNoMedia());
        }
        return heard;
    }

    private void greets() throws InterruptedException, Over {
        if (!waits(call::sounds, GREETING)) {
            odd(
                    "It says nothing for %d s: a caller hears silence, and hangs up."
                            .formatted(GREETING.toSeconds()));
            return;
        }
        if (waits(() -> call.silentFor(PAUSE), GREETING.multipliedBy(2))) {
            right(
                    "It greets, and its greeting ends after %.1f s."
                            .formatted(seconds(call.sinceAnswered().minus(PAUSE))));
        } else {
            odd(
                    "Its greeting lasts for more than %d s."
                            .formatted(GREETING.multipliedBy(2).toSeconds()));
        }
        placed.leg().sendDigit('5');
    }

    private MediaStats stats() {
        return placed.leg().stats();
    }

    private String whyNoMedia() {
        String none = "No sound comes from it within " + FIRST_PACKET.toSeconds() + " s: ";
        if (stats().droppedStrangers() > 0) {
            return none + "its RTP comes from another address than its answer names.";
        }
        if (dropped(MediaDrop.UNKNOWN_PAYLOAD) > 0) {
            return none + "its RTP has a payload type that was not agreed.";
        }
        if (dropped(MediaDrop.FORGED) > 0) {
            return none + "its RTP is not made with the key of its answer.";
        }
        return stats().droppedMalformed() > 0
                ? none + "what it sends is no RTP."
                : none + "not one RTP packet.";
    }

    private long dropped(MediaDrop why) {
        return totals.get().dropped().getOrDefault(why, 0L);
    }

    /** The caller ends one purpose, and talks on. */
    private void losesAPurpose() throws InterruptedException, Over {
        granted.remove("transcript");
        refused.add("transcript");
        if (!placed.dialog().takesInfo()) {
            return;
        }
        int status = inform(report("ended", "transcript", ""));
        boolean _ = waits(() -> false, AFTER_NEWS);
        if (status / 100 == 2) {
            right("It goes on when the caller ends one purpose (transcript).");
        } else {
            infoRefused(status);
        }
    }

    private void infoRefused(int status) {
        if (status == NO_REPLY) {
            wrong("It says that it takes INFO (Allow), and answers none.");
        } else {
            odd(
                    ("It takes INFO (Allow), and answers %d to application/consent+json: it does"
                                    + " not know what the caller has ended.")
                            .formatted(status));
        }
    }

    private int inform(PurposeReport report) throws InterruptedException {
        return reply(told -> placed.dialog().inform(PurposeInfo.of(report), told), REPLY);
    }

    /**
     * @return the final status; 408 where none came in time
     */
    private int reply(Consumer<IntConsumer> request, Duration patience)
            throws InterruptedException {
        var status = new AtomicInteger();
        request.accept(status::set);
        return call.until(() -> status.get() != 0, patience) ? status.get() : NO_REPLY;
    }

    private PurposeReport report(String state, String purpose, String reason) {
        boolean holds = state.equals("granted") || state.equals("ended");
        String purposes = String.join(" ", granted);
        TrialConsent consent = placed.consent();
        return new PurposeReport(
                state,
                purpose,
                reason,
                holds
                        ? Optional.of(
                                new PurposeReport.Holds(
                                        consent.record().toString(),
                                        purposes,
                                        tokens.next(consent.call(), consent.record(), purposes)))
                        : Optional.empty());
    }

    private void answersTheCaller() throws InterruptedException, Over {
        boolean _ = waits(() -> call.silentFor(PAUSE), GREETING); // what it says to the key
        says();
        call.listenAnew();
        if (!waits(call::sounds, ANSWER)) {
            odd(
                    "It says nothing within %d s after the caller has spoken."
                            .formatted(ANSWER.toSeconds()));
            return;
        }
        right("It answers the caller.");
        Playback again = placed.leg().play(List.of(speech), false);
        boolean stops = waits(() -> call.silentFor(STOPPED), BARGE_IN.plus(STOPPED));
        if (stops) {
            right("It stops when it is spoken into, or has said all.");
        } else {
            odd(
                    "It talks on over the caller for more than %.1f s: it cannot be interrupted."
                            .formatted(seconds(BARGE_IN)));
        }
        boolean _ = waits(again.ended().toCompletableFuture()::isDone, length());
    }

    private void says() throws InterruptedException, Over {
        Playback said = placed.leg().play(List.of(speech), false);
        boolean _ = waits(said.ended().toCompletableFuture()::isDone, length());
    }

    private Duration length() {
        return Duration.ofMillis(speech.millis()).plus(REPLY);
    }

    // ------------------------------------------------------------------ one more purpose

    private void answersItsRequest() throws InterruptedException, Over {
        String purpose = call.takeRequest().id();
        var asked = new AtomicInteger();
        if (placed.dialog().takesInfo()) {
            placed.dialog().inform(PurposeInfo.of(report("asking", purpose, "")), asked::set);
        }
        call.pause(QUESTION);
        if (call.isOver()) {
            throw new Over();
        }
        boolean yes = refused.size() + granted.size() <= 2;
        (yes ? granted : refused).add(purpose);
        right("It asks for \"%s\", and is told %s.".formatted(purpose, yes ? "yes" : "no"));
        call.answeredRequest();
        if (!placed.dialog().takesInfo()) {
            wrong("It asks by INFO, and its 2xx does not allow INFO: it never learns the answer.");
            return;
        }
        int status =
                inform(
                        yes
                                ? report("granted", purpose, "")
                                : report("declined", purpose, "refused"));
        if (status / 100 != 2) {
            infoRefused(status);
        }
    }

    // ------------------------------------------------------------------ hold

    private void isHeld() throws InterruptedException, Over {
        int status = offers(MediaPeer.Direction.SENDONLY);
        if (status / 100 != 2) {
            wrong(
                    status == NO_REPLY
                            ? "It does not answer a re-INVITE (hold)."
                            : status == 488 && !call.whyUnusable().isEmpty()
                                    ? "Its answer to a re-INVITE (hold) cannot be used: "
                                            + call.whyUnusable()
                                            + "."
                                    : "It refuses a re-INVITE (hold) with " + status + ".");
            return;
        }
        if (call.maySend()) {
            wrong(
                    "It answers a hold (a=sendonly) with sendrecv: recvonly or inactive was"
                            + " possible (RFC 3264 §6.1).");
        }
        boolean _ = waits(() -> false, ON_ITS_WAY);
        long before = dropped(MediaDrop.HELD);
        boolean _ = waits(() -> false, ON_ITS_WAY);
        if (!call.maySend() && dropped(MediaDrop.HELD) > before + 5) {
            odd("It goes on sending while it is held.");
        }
        status = offers(MediaPeer.Direction.SENDRECV);
        if (status / 100 != 2) {
            wrong("It does not take the end of a hold (re-INVITE): %d.".formatted(status));
        } else if (!waits(() -> call.sendsWithin(Duration.ofMillis(100)), REPLY)) {
            wrong("It sends nothing more after a hold.");
        } else {
            right("It bears a hold (re-INVITE), and goes on after it.");
        }
    }

    private int offers(MediaPeer.Direction direction) throws InterruptedException, Over {
        call.forgetUnusable();
        int status = reply(told -> placed.dialog().offerAgain(direction, told), REPLY);
        if (call.isOver()) {
            throw new Over();
        }
        return status;
    }

    // ------------------------------------------------------------------ the end

    private void hasHungUp() {
        IncomingCall.How how = call.end();
        double after = seconds(call.sinceAnswered());
        if (how == IncomingCall.How.BYE) {
            odd("It hangs up by itself after %.1f s.".formatted(after));
        } else {
            wrong(
                    "Its call is lost after %.1f s (%s)."
                            .formatted(after, String.valueOf(how).toLowerCase(Locale.ROOT)));
        }
    }

    /** What a withdrawal looks like to it. */
    private void isWithdrawn() throws InterruptedException {
        TrialConsent consent = placed.consent();
        placed.leg().mute();
        String _ = tokens.next(consent.call(), consent.record(), "");
        var end = new EndOfConsent(consent.record(), EndOfConsent.How.WITHDRAWN, Instant.EPOCH);
        if (placed.dialog().takesInfo()) {
            int info =
                    reply(
                            told -> placed.dialog().inform(ConsentNews.info(end), told),
                            Duration.ofMillis(ConsentNews.PATIENCE_MILLIS));
            if (info / 100 != 2) {
                odd(
                        "It does not confirm the withdrawal (INFO) within half a second: the BYE"
                                + " follows all the same.");
            }
        }
        int bye =
                reply(
                        told ->
                                placed.dialog()
                                        .hangUp(
                                                IncomingCall.Ending.sip(200, "consent withdrawn"),
                                                told),
                        REPLY);
        if (bye / 100 == 2) {
            right("It takes the end of the consent, and the BYE.");
        } else if (bye == NO_REPLY) {
            wrong("It does not answer the BYE: the record then says that it was not told.");
        } else {
            wrong("It answers the BYE with %d.".formatted(bye));
        }
        call.pause(UNTIL_SILENT);
        long before = arrived();
        call.pause(ON_ITS_WAY);
        long late = arrived() - before;
        if (late > 0) {
            wrong(
                    "It still sends a second after the BYE: %d packets in half a second."
                            .formatted(late));
        }
    }

    private long arrived() {
        return totals.get().receivedPackets();
    }

    private void sound() {
        MediaStats stats = stats();
        if (call.wasLost()) {
            wrong("No RTP comes from it for seconds in the middle of the call.");
        }
        if (stats.receivedPackets() > 0 && stats.lossPercent() > BAD_LOSS_PERCENT) {
            odd("%.0f %% of its packets do not arrive.".formatted(stats.lossPercent()));
        }
        if (stats.jitterMillis() > BAD_JITTER_MILLIS) {
            odd(
                    "Its packets do not come evenly: a jitter of %.0f ms."
                            .formatted(stats.jitterMillis()));
        }
        if (call.hasReferred()) {
            odd("It hands over the call (REFER): that takes assistants[].refer: human.");
        }
        if (call.foreignInfos() > 0) {
            odd("%d INFOs of it mean nothing here.".formatted(call.foreignInfos()));
        }
    }
}
