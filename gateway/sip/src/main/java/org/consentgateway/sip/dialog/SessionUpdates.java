package org.consentgateway.sip.dialog;

import java.util.concurrent.ThreadLocalRandom;
import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.message.SessionExpires;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SdpBody;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.Stack;
import org.jspecify.annotations.Nullable;

/**
 * The peer's requests in the dialog that may change the session: re-INVITE (RFC 3261 §14) and
 * UPDATE (RFC 3311). Guarded by its leg's lock.
 */
final class SessionUpdates {
    private final Stack stack;
    private final LegState state;
    private final Responses responses;
    private final OfferAnswer session;
    private final Answering answering;
    private final SessionRefresher refreshing;

    SessionUpdates(
            Stack stack,
            LegState state,
            Responses responses,
            OfferAnswer session,
            Answering answering,
            SessionRefresher refreshing) {
        this.stack = stack;
        this.state = state;
        this.responses = responses;
        this.session = session;
        this.answering = answering;
        this.refreshing = refreshing;
    }

    void reinvite(ServerTransaction transaction, Request request) {
        if (!responses.inOrder(transaction, request) || !isBearable(transaction, request)) {
            return;
        }
        if (state.isEarly()) {
            // RFC 3261 §14.2: not before our final answer to the first.
            retryLater(transaction, request);
            return;
        }
        if (isPending()) {
            responses.refuse(transaction, request, 491, Rejection.PENDING);
            return;
        }
        Dialog open = state.dialog();
        if (open == null) {
            return;
        }
        switch (SdpBody.of(request)) {
            case SdpBody.None none -> {
                String offer = session.offer();
                if (offer != null) {
                    open.refreshTarget(request);
                    accept(transaction, request, open, offer, true);
                }
            }
            case SdpBody.Described(SessionDescription offer) -> {
                switch (session.reply(offer)) {
                    case OfferAnswer.Outcome.Answer(String answer) -> {
                        open.refreshTarget(request);
                        accept(transaction, request, open, answer, false);
                    }
                    case OfferAnswer.Outcome.Declined(Negotiation.Refused why) ->
                            refuseOffer(transaction, request, open, why);
                    case null -> {}
                }
            }
            case SdpBody.Malformed malformed ->
                    refuseDescription(transaction, request, malformed.why());
            case SdpBody.Foreign foreign -> responses.refuseBody(transaction, request);
        }
    }

    /** 200 to an INVITE, first or later, with our description. */
    void accept(
            ServerTransaction transaction,
            Request invite,
            Dialog open,
            String sdp,
            boolean weOffered) {
        Response response = responses.described(invite, 200, open.at());
        responses.writer.sdp(response, sdp);
        refreshing.answer(invite, response);
        answering.accept(transaction, invite, response, open, weOffered);
    }

    void update(ServerTransaction transaction, Request request) {
        if (!responses.inOrder(transaction, request) || !isBearable(transaction, request)) {
            return;
        }
        Dialog open = state.dialog();
        if (open == null) {
            return;
        }
        switch (SdpBody.of(request)) {
            case SdpBody.None none -> updated(transaction, request, open, null);
            case SdpBody.Described(SessionDescription offer) -> {
                if (isPending()) {
                    responses.refuse(transaction, request, 491, Rejection.PENDING);
                    return;
                }
                switch (session.reply(offer)) {
                    case OfferAnswer.Outcome.Answer(String answer) ->
                            updated(transaction, request, open, answer);
                    case OfferAnswer.Outcome.Declined(Negotiation.Refused why) ->
                            refuseOffer(transaction, request, open, why);
                    // RFC 3311 §5.2: an offer while the first is unanswered.
                    case null -> retryLater(transaction, request);
                }
            }
            case SdpBody.Malformed malformed ->
                    refuseDescription(transaction, request, malformed.why());
            case SdpBody.Foreign foreign -> responses.refuseBody(transaction, request);
        }
    }

    private void updated(
            ServerTransaction transaction, Request request, Dialog open, @Nullable String sdp) {
        open.refreshTarget(request);
        Response response = responses.described(request, 200, open.at());
        if (sdp != null) {
            responses.writer.sdp(response, sdp);
        }
        if (state.isAnswered()) {
            refreshing.answer(request, response);
        }
        responses.send(transaction, response);
        responses.atOnceIfLiteral(open);
    }

    /** Whether an offer of ours is unanswered. */
    private boolean isPending() {
        return session.isPending() || answering.offers();
    }

    /** False if the request was refused for its interval (RFC 4028 §6). */
    private boolean isBearable(ServerTransaction transaction, Request request) {
        SessionExpires.Asked asked = SessionExpires.Asked.in(request);
        long least = stack.settings.minSessionExpires().toSeconds();
        if (asked == null || asked.seconds() >= least) {
            return true;
        }
        stack.tally.rejected(Rejection.SESSION_INTERVAL);
        Response response = responses.of(request, 422);
        responses.writer.header(response, SessionExpires.MIN_SE, Long.toString(least));
        responses.send(transaction, response);
        return false;
    }

    private void refuseOffer(
            ServerTransaction transaction, Request request, Dialog open, Negotiation.Refused why) {
        Response response = responses.of(request, 488);
        responses.writer.warning(response, why.warning(), why.why(), open.at());
        responses.send(transaction, response);
    }

    private void refuseDescription(ServerTransaction transaction, Request request, String why) {
        stack.tally.rejected(Rejection.BAD_BODY);
        Response response = responses.of(request, 488);
        Dialog open = state.dialog();
        if (open != null) {
            responses.writer.warning(response, 399, why, open.at());
        }
        responses.send(transaction, response);
    }

    private void retryLater(ServerTransaction transaction, Request request) {
        stack.tally.rejected(Rejection.PENDING);
        Response response = responses.of(request, 500);
        responses.writer.header(
                response,
                "Retry-After",
                Integer.toString(ThreadLocalRandom.current().nextInt(0, 11)));
        responses.send(transaction, response);
    }
}
