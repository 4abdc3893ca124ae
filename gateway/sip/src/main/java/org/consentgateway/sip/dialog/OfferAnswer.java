package org.consentgateway.sip.dialog;

import org.consentgateway.media.MediaPeer;
import org.consentgateway.media.codec.Codec;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.sdp.LocalDescription;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SessionDescription;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * Guarded by its leg's lock. The media that both sides have agreed on (RFC 3264), and the requests
 * in the dialog that may change it: re-INVITE (RFC 3261 §14) and UPDATE (RFC 3311).
 */
final class OfferAnswer {
    private final Leg leg;
    private @Nullable LocalDescription local;
    private Negotiation.@Nullable Agreed agreed;
    private boolean pending;

    OfferAnswer(Leg leg) {
        this.leg = leg;
    }

    /** How we describe our side from now on. */
    void describe(LocalDescription description) {
        local = description;
    }

    /** The media as agreed now, told where it is news. */
    void agree(Negotiation.Agreed now) {
        Negotiation.Agreed before = agreed;
        agreed = now;
        if (!now.equals(before)) {
            leg.tellMedia(now.format(), now.peer());
        }
    }

    /** What comes of the answer to our offer; null where nothing does. */
    Negotiation.@Nullable Agreed answeredBy(SessionDescription answer) {
        LocalDescription description = local;
        return description != null
                        && Negotiation.of(answer, leg.otherSources(), leg.srtp())
                                instanceof Negotiation.Agreed now
                ? description.answered(answer, now)
                : null;
    }

    /**
     * Our description again, its version unchanged (RFC 4028 §7.4); null where there is none yet.
     */
    @Nullable String again() {
        Negotiation.Agreed now = agreed;
        LocalDescription description = local;
        return now == null || description == null
                ? null
                : description.offerAgain(now.format(), now.peer().direction());
    }

    /** An offer of ours is on its way, or its answer has come. */
    void pending(boolean whether) {
        pending = whether;
    }

    /** Whether an offer of ours is unanswered. */
    boolean isPending() {
        return pending || leg.answering.offers();
    }

    void reinvite(Request request, ServerTransaction transaction) {
        if (!leg.inOrder(request, transaction)
                || !leg.refreshing.isBearable(request, transaction)) {
            return;
        }
        if (leg.state == Leg.State.EARLY) {
            // RFC 3261 §14.2: not before our final answer to the first.
            retryLater(request, transaction);
            return;
        }
        if (isPending()) {
            leg.refuse(transaction, request, 491, Rejection.PENDING);
            return;
        }
        Dialog open = leg.dialog;
        LocalDescription description = local;
        if (open == null || description == null) {
            return;
        }
        switch (SdpBody.of(request)) {
            case SdpBody.None none -> {
                List<Codec> codecs =
                        agreed == null ? Codec.all() : Negotiation.order(agreed.format().codec());
                String offer = description.offer(codecs, MediaPeer.Direction.SENDRECV);
                open.refreshTarget(request);
                leg.answering.accept(request, transaction, offer, true);
            }
            case SdpBody.Described(SessionDescription offer) -> {
                String answer = answerTo(offer, request, transaction, open, description);
                if (answer != null) {
                    open.refreshTarget(request);
                    leg.answering.accept(request, transaction, answer, false);
                }
            }
            case SdpBody.Malformed malformed -> refuse(request, transaction, malformed.why());
            case SdpBody.Foreign foreign -> leg.refuseBody(request, transaction);
        }
    }

    void update(Request request, ServerTransaction transaction) {
        if (!leg.inOrder(request, transaction)
                || !leg.refreshing.isBearable(request, transaction)) {
            return;
        }
        Dialog open = leg.dialog;
        LocalDescription description = local;
        if (open == null) {
            return;
        }
        switch (SdpBody.of(request)) {
            case SdpBody.None none -> accept(request, transaction, open, null);
            case SdpBody.Described(SessionDescription offer) -> {
                if (isPending()) {
                    leg.refuse(transaction, request, 491, Rejection.PENDING);
                } else if (description == null) {
                    // RFC 3311 §5.2: an offer while the first is unanswered.
                    retryLater(request, transaction);
                } else {
                    String answer = answerTo(offer, request, transaction, open, description);
                    if (answer != null) {
                        accept(request, transaction, open, answer);
                    }
                }
            }
            case SdpBody.Malformed malformed -> refuse(request, transaction, malformed.why());
            case SdpBody.Foreign foreign -> leg.refuseBody(request, transaction);
        }
    }

    private void accept(
            Request request, ServerTransaction transaction, Dialog open, @Nullable String sdp) {
        open.refreshTarget(request);
        Response response = leg.writer.response(request, 200, leg.localTag);
        leg.describe(response, open.at());
        if (sdp != null) {
            leg.writer.sdp(response, sdp);
        }
        if (leg.state == Leg.State.ANSWERED) {
            leg.refreshing.answer(request, response);
        }
        leg.send(transaction, response);
        leg.outbox.atOnceIfLiteral(open);
    }

    /** Null where it was refused; the session is then as it was (RFC 3261 §14.2). */
    private @Nullable String answerTo(
            SessionDescription offer,
            Request request,
            ServerTransaction transaction,
            Dialog open,
            LocalDescription description) {
        return switch (Negotiation.of(offer, leg.otherSources(), leg.srtp())) {
            case Negotiation.Agreed now -> {
                LocalDescription.Answer answer = description.answer(offer, now);
                agree(answer.agreed());
                yield answer.sdp();
            }
            case Negotiation.Refused refused -> {
                leg.stack.tally.rejected(Rejection.of(refused));
                Response response = leg.writer.response(request, 488, leg.localTag);
                leg.writer.warning(response, refused.warning(), refused.why(), open.at());
                leg.send(transaction, response);
                yield null;
            }
        };
    }

    private void retryLater(Request request, ServerTransaction transaction) {
        leg.stack.tally.rejected(Rejection.PENDING);
        Response response = leg.writer.response(request, 500, leg.localTag);
        leg.writer.header(
                response,
                "Retry-After",
                Integer.toString(ThreadLocalRandom.current().nextInt(0, 11)));
        leg.send(transaction, response);
    }

    private void refuse(Request request, ServerTransaction transaction, String why) {
        leg.stack.tally.rejected(Rejection.BAD_BODY);
        Response response = leg.writer.response(request, 488, leg.localTag);
        Dialog open = leg.dialog;
        if (open != null) {
            leg.writer.warning(response, 399, why, open.at());
        }
        leg.send(transaction, response);
    }
}
