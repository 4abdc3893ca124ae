package org.consentgateway.sip.endpoint;

import gov.nist.javax.sip.message.SIPRequest;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.auth.Challenging;
import org.consentgateway.sip.auth.RequiredLogin;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.Dialog;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.InviteServer;
import org.consentgateway.sip.dialog.Leg;
import org.consentgateway.sip.message.Methods;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.screen.InviteIdentity;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.screen.UnacknowledgedCalls;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.MediaDestinations;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sorts each request to its leg, answers what needs no leg, and decides whether a call may come in
 * (RFC 3261 §8.2). Thread-safe. Never waits.
 */
final class UasCore {
    private static final Logger LOG = LoggerFactory.getLogger(UasCore.class);

    /** Of a Request-URI (RFC 3261 §19.1, RFC 3966). */
    private static final List<String> SCHEMES = List.of("sip", "sips", "tel");

    private final DialogTable dialogs;
    private final KnownSources sources;
    private final LiveCounters tally;
    private final Screen screen;
    private final CallHandler handler;
    private final Rules rules;

    /**
     * What it goes by.
     *
     * @param checks for new calls
     * @param challenging for trunks that have to show a password
     * @param addressed which trunk a request is of
     * @param draining whether no new calls are taken any more
     * @param unacknowledged calls of which nobody knows yet whether somebody is there
     */
    record Rules(
            NewCallChecks checks,
            Challenging challenging,
            AddressedTrunk addressed,
            BooleanSupplier draining,
            UnacknowledgedCalls unacknowledged) {}

    UasCore(
            DialogTable dialogs,
            KnownSources sources,
            LiveCounters tally,
            Screen screen,
            CallHandler handler,
            Rules rules) {
        this.dialogs = dialogs;
        this.sources = sources;
        this.tally = tally;
        this.screen = screen;
        this.handler = handler;
        this.rules = rules;
    }

    void received(Received received) throws SipException {
        SIPRequest request = received.request();
        Trunk trunk = trunk(received);
        if (trunk != null) {
            sources.heard(trunk, received.stack().machine.clock().instant());
        }
        String toTag = request.getToTag();
        if (received.method().equals(Request.CANCEL)) {
            cancel(received, trunk);
        } else if (toTag != null) {
            inDialog(received, toTag, trunk);
        } else if (trunk != null) {
            outOfDialog(received, trunk);
        } else if (received.method().equals(Request.INVITE)
                && sources.isLeaving(received.source())) {
            // Silence would have its callers wait for half a minute.
            refuse(received, Refusal.Answer.of(403, Rejection.TRUNK_GONE));
        } else {
            tally.rejected(Rejection.NOT_A_TRUNK);
        }
    }

    private @Nullable Trunk trunk(Received received) {
        String requestUri = String.valueOf(received.request().getRequestURI());
        return rules.addressed().of(received.source(), requestUri);
    }

    private void inDialog(Received received, String toTag, @Nullable Trunk trunk)
            throws SipException {
        SIPRequest request = received.request();
        boolean ack = received.method().equals(Request.ACK);
        Leg leg = dialogs.leg(request.getCallId().getCallId(), toTag);
        if (leg == null) {
            if (trunk == null) {
                tally.rejected(Rejection.NOT_A_TRUNK);
            } else if (!ack) {
                refuse(received, Refusal.Answer.of(481, Rejection.NO_SUCH_CALL));
            }
        } else if (!leg.isPeer(received.source())) {
            tally.rejected(Rejection.WRONG_PEER);
        } else if (ack) {
            leg.receive(request, null);
        } else if (!leg.isFrom(request.getFromTag())) {
            refuse(received, Refusal.Answer.of(481, Rejection.NO_SUCH_CALL));
        } else if (!received.isComplete()) {
            refuse(received, Refusal.Answer.of(400, Rejection.MALFORMED));
        } else if (!badExtension(received)) {
            ServerTransaction transaction = received.transaction();
            if (transaction != null) {
                leg.receive(request, transaction);
            }
        }
    }

    private static boolean serves(Request request) {
        String scheme = request.getRequestURI().getScheme().toLowerCase(Locale.ROOT);
        return SCHEMES.contains(scheme) || NewCallChecks.isEmergency(request);
    }

    private void outOfDialog(Received received, Trunk trunk) throws SipException {
        if (received.method().equals(Request.ACK) || challenged(received, trunk)) {
            return;
        }
        if (!serves(received.request())) {
            refuse(received, Refusal.Answer.of(416, Rejection.URI_SCHEME));
            return;
        }
        switch (received.method()) {
            case Request.INVITE -> invite(received, trunk);
            case Request.OPTIONS -> options(received);
            case Request.BYE, Request.UPDATE, Request.INFO, Request.PRACK ->
                    refuse(received, Refusal.Answer.of(481, Rejection.NO_SUCH_CALL));
            default -> {
                tally.rejected(Rejection.METHOD);
                boolean known = Methods.KNOWN.contains(received.method());
                Response response = received.response(known ? 405 : 501);
                new Writer(received.stack()).allow(response);
                reply(received, response);
            }
        }
    }

    private void options(Received received) throws SipException {
        if (badExtension(received)) {
            return;
        }
        Writer writer = new Writer(received.stack());
        boolean taking = !rules.draining().getAsBoolean() && handler.takesCalls();
        Response response = received.response(taking ? 200 : 503);
        writer.describe(response, received.at());
        writer.header(response, "Accept", "application/sdp");
        reply(received, response);
    }

    private void cancel(Received received, @Nullable Trunk trunk) throws SipException {
        DialogTable.Taken taken = dialogs.taken(received.first());
        if (taken == null
                || !taken.branch().equals(received.branch())
                || !taken.leg().isPeer(received.source())) {
            if (trunk == null) {
                tally.rejected(Rejection.NOT_A_TRUNK);
            } else {
                refuse(received, Refusal.Answer.of(481, Rejection.NO_SUCH_CALL));
            }
            return;
        }
        ServerTransaction transaction = received.transaction();
        if (transaction != null) {
            taken.leg().cancelled(received.request(), transaction);
        }
    }

    // ------------------------------------------------------------------ a new call

    private void invite(Received received, Trunk trunk) throws SipException {
        DialogTable.Taken taken = dialogs.taken(received.first());
        if (taken != null && taken.branch().equals(received.branch())) {
            taken.leg().repeatAnswer();
            return;
        }
        Arrival arrival =
                Arrival.of(
                        received.request(),
                        received.source(),
                        trunk,
                        rules.addressed().account(trunk),
                        MediaDestinations.ofCaller(received.stack().own, received.source(), trunk));
        Refusal refusal = rules.checks().of(arrival);
        if (refusal == null && screen.isStray(received.identity())) {
            // The screen has read its number otherwise, and counted it as no call.
            refusal = NewCallChecks.refusal(handler.door(trunk.name(), received.isProven()));
            if (refusal == null) {
                screen.isCall(received.identity(), received.isProven());
            }
        }
        if (refusal == null) {
            take(received, arrival);
            return;
        }
        if (arrival.offered() instanceof Arrival.Offered.NothingInCommon(var lacking)
                && refusal instanceof Refusal.Answer answer
                && answer.why() == Rejection.of(lacking)) {
            received.stack().refusedMedia.tell("trunk " + trunk.name(), lacking);
        }
        refuse(received, refusal);
    }

    private void take(Received received, Arrival arrival) throws SipException {
        Stack stack = received.stack();
        SIPRequest invite = received.request();
        Dialog dialog = Dialog.called(stack, received.at(), invite, SipText.tag());
        ServerTransaction transaction = received.transaction();
        if (dialog == null || transaction == null) {
            return;
        }
        DialogTable.First first = received.first();
        InviteServer leg =
                new InviteServer(
                        stack,
                        sources,
                        dialog,
                        new InviteServer.Invitation(
                                invite,
                                transaction,
                                arrival.source(),
                                arrival.trunk(),
                                arrival.called()),
                        arrival.offer(),
                        course(dialog, first));
        if (dialogs.take(first, new DialogTable.Taken(received.branch(), leg)) != null) {
            return;
        }
        dialogs.add(dialog, leg);
        rules.unacknowledged()
                .add(
                        leg,
                        new UnacknowledgedCalls.Origin(
                                arrival.trunk().name(), arrival.source(), received.isProven()),
                        received.identity().key());
        try {
            leg.trying();
            handler.call(leg);
        } catch (RuntimeException broken) {
            LOG.error("the gateway did not take a call: {}", broken.getClass().getName());
            refuse(leg, dialog, first);
        }
    }

    /** Of a call that cannot even be refused nothing is kept. */
    private void refuse(InviteServer leg, Dialog dialog, DialogTable.First first) {
        try {
            leg.hangUp(IncomingCall.Ending.FAILURE);
        } catch (RuntimeException unanswerable) {
            rules.unacknowledged().remove(leg);
            dialogs.forget(dialog, first);
        }
    }

    private InviteServer.Course course(Dialog dialog, DialogTable.First first) {
        return new InviteServer.Course() {
            @Override
            public void answered(InviteServer call) {
                rules.unacknowledged().answered(call);
            }

            @Override
            public void repeating(InviteServer call) {
                rules.unacknowledged().repeating(call);
            }

            @Override
            public void settled(InviteServer call) {
                rules.unacknowledged().remove(call);
            }

            @Override
            public void forgotten() {
                dialogs.forget(dialog, first);
            }
        };
    }

    // ------------------------------------------------------------------ answers

    /**
     * True if the trunk wants a password that was not shown, and was told so. Comes before any
     * other look at the request: every user, line and method is answered alike.
     */
    private boolean challenged(Received received, Trunk trunk) throws SipException {
        if (trunk.login().isEmpty()) {
            return false;
        }
        RequiredLogin login = trunk.login().get();
        Challenging challenging = rules.challenging();
        Challenging.Shown shown = challenging.shown(received.request(), login, trunk.name());
        if (shown == Challenging.Shown.RIGHT) {
            return false;
        }
        if (shown == Challenging.Shown.WRONG) {
            tally.rejected(Rejection.BAD_PASSWORD);
        }
        Writer writer = new Writer(received.stack());
        Response response = writer.response(received.request(), 401, received.identity().tag());
        boolean stale = shown == Challenging.Shown.STALE;
        for (String challenge : challenging.challenges(login, trunk.name(), stale)) {
            writer.add(response, "WWW-Authenticate", challenge);
        }
        if (!received.challenge(response)) {
            tally.rejected(Rejection.TOO_SHORT);
        }
        return true;
    }

    /** True if the request needs what we do not have (RFC 3261 §8.2.2.3), and was told so. */
    private boolean badExtension(Received received) throws SipException {
        Refusal.Answer refusal = NewCallChecks.extensions(received.request());
        if (refusal == null) {
            return false;
        }
        refuse(received, refusal);
        return true;
    }

    private void reply(Received received, Response response) throws SipException {
        if (!received.reply(response)) {
            tally.rejected(Rejection.TOO_SHORT);
        }
    }

    private void refuse(Received received, Refusal refusal) throws SipException {
        switch (refusal) {
            case Refusal.Answer answer -> refuse(received, answer);
            case Refusal.Shed(Rejection why, int seconds) -> shed(received, why, seconds);
        }
    }

    private void refuse(Received received, Refusal.Answer answer) throws SipException {
        SIPRequest request = received.request();
        boolean call = received.method().equals(Request.INVITE) && request.getToTag() == null;
        tally.rejected(answer.why(), call ? trunk(received) : null);
        Writer writer = new Writer(received.stack());
        Response response =
                answer.reason().isEmpty()
                        ? received.response(answer.status())
                        : writer.response(
                                request,
                                answer.status(),
                                answer.reason(),
                                received.identity().tag());
        if (answer.header() != null) {
            writer.header(response, answer.header().name(), answer.header().value());
        }
        if (answer.warning() != null) {
            writer.warning(
                    response, answer.warning().code(), answer.warning().text(), received.at());
        }
        reply(received, response);
    }

    /**
     * 503 without a transaction, as the screen would have answered: under overload nothing is kept
     * of what is turned away but that it was, so that a repetition gets the same (RFC 3261 §8.2.7).
     */
    private void shed(Received received, Rejection why, int retryAfterSeconds) throws SipException {
        tally.rejected(why, trunk(received));
        Writer writer = new Writer(received.stack());
        InviteIdentity identity = received.identity();
        screen.shed(identity, retryAfterSeconds);
        Response response = writer.response(received.request(), 503, identity.tag());
        if (retryAfterSeconds > 0) {
            writer.header(response, "Retry-After", Integer.toString(retryAfterSeconds));
        }
        reply(received, response);
    }
}
