package org.consentgateway.sip.endpoint;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;

import org.consentgateway.sip.auth.Challenging;
import org.consentgateway.sip.auth.Login;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.counters.Rejection;
import org.consentgateway.sip.dialog.Dialog;
import org.consentgateway.sip.dialog.DialogTable;
import org.consentgateway.sip.dialog.IncomingCall;
import org.consentgateway.sip.dialog.InviteClient;
import org.consentgateway.sip.dialog.InviteServer;
import org.consentgateway.sip.dialog.Leg;
import org.consentgateway.sip.dialog.SdpBody;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.message.Methods;
import org.consentgateway.sip.message.SessionTimer;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.screen.CallAdmission;
import org.consentgateway.sip.screen.InviteIdentity;
import org.consentgateway.sip.screen.Screen;
import org.consentgateway.sip.sdp.Negotiation;
import org.consentgateway.sip.sdp.SessionDescription;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.TransactionUser;
import org.consentgateway.sip.transport.Writer;
import org.consentgateway.sip.trunk.Account;
import org.consentgateway.sip.trunk.Identity;
import org.consentgateway.sip.trunk.KnownSources;
import org.consentgateway.sip.trunk.Trunk;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.text.ParseException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sip.ClientTransaction;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.header.MaxForwardsHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * Thread-safe. Where every message comes in: sorts it to its leg, answers what needs no leg, and
 * decides whether a call may come in. Runs on the stack's threads and never waits.
 */
final class UasCore implements SipListener {
    private static final Logger LOG = LoggerFactory.getLogger(UasCore.class);

    /** Longest user part of a Request-URI that can be a line. */
    private static final int MAX_CALLED_LENGTH = 64;

    /** RFC 5031 §4.2: asks for help, whatever the number. */
    private static final String EMERGENCY = "urn:service:sos";

    /** Of a Request-URI (RFC 3261 §19.1, RFC 3966). */
    private static final List<String> SCHEMES = List.of("sip", "sips", "tel");

    private final DialogTable calls;
    private final KnownSources sources;
    private final LiveCounters tally;
    private final CallHandler inbound;
    private final Screen screen;
    private final AtomicBoolean draining;

    /** Set once, before any message can come in. */
    private @Nullable Stack opened;

    private @Nullable Challenging challenging;

    UasCore(
            DialogTable calls,
            KnownSources sources,
            LiveCounters tally,
            Screen screen,
            CallHandler inbound,
            AtomicBoolean draining) {
        this.calls = calls;
        this.sources = sources;
        this.tally = tally;
        this.screen = screen;
        this.inbound = inbound;
        this.draining = draining;
    }

    synchronized void open(Stack stack) {
        opened = stack;
    }

    private synchronized @Nullable Stack stack() {
        return opened;
    }

    void drain() {
        draining.set(true);
    }

    // ------------------------------------------------------------------ requests

    @Override
    public void processRequest(RequestEvent event) {
        Stack stack = stack();
        if (stack == null) {
            return;
        }
        Request request = event.getRequest();
        try {
            tally.request(request.getMethod());
            stack.trace.saw((SIPMessage) request, false);
            sort(stack, event, (SIPRequest) request);
        } catch (SipException | RuntimeException broken) {
            // What the parser let through and we did not expect: the message is lost, not the
            // endpoint. Its text may hold numbers and stays out of the log.
            tally.rejected(Rejection.MALFORMED);
            LOG.debug(
                    "request not processed: {} at {}",
                    broken.getClass().getName(),
                    broken.getStackTrace().length == 0 ? "?" : broken.getStackTrace()[0]);
        }
    }

    private void sort(Stack stack, RequestEvent event, SIPRequest request) throws SipException {
        InetAddress source = request.getRemoteAddress();
        Trunk trunk = sources.trunk(source);
        if (trunk != null) {
            sources.heard(trunk, stack.machine.clock().instant());
        }
        String toTag = request.getToTag();
        if (request.getMethod().equals(Request.CANCEL)) {
            cancel(stack, event, request, trunk, source);
            return;
        }
        if (toTag == null) {
            if (trunk == null) {
                tally.rejected(Rejection.NOT_A_TRUNK);
            } else {
                outOfDialog(stack, event, request, trunk, source);
            }
            return;
        }
        Leg leg = calls.leg(request.getCallId().getCallId(), toTag);
        if (leg == null) {
            if (trunk == null) {
                tally.rejected(Rejection.NOT_A_TRUNK);
            } else if (!request.getMethod().equals(Request.ACK)) {
                refuse(stack, event, request, 481, Rejection.NO_SUCH_CALL);
            }
        } else if (!leg.isPeer(source)) {
            tally.rejected(Rejection.WRONG_PEER);
        } else if (request.getMethod().equals(Request.ACK)) {
            leg.receive(request, null);
        } else if (!leg.isFrom(request.getFromTag())) {
            refuse(stack, event, request, 481, Rejection.NO_SUCH_CALL);
        } else if (!badExtension(stack, event, request)) {
            ServerTransaction transaction = transaction(event, request);
            if (transaction != null) {
                leg.receive(request, transaction);
            }
        }
    }

    private static boolean serves(Request request) {
        String scheme = request.getRequestURI().getScheme().toLowerCase(Locale.ROOT);
        return SCHEMES.contains(scheme) || isEmergency(request);
    }

    private static boolean isEmergency(Request request) {
        return request.getRequestURI().toString().toLowerCase(Locale.ROOT).startsWith(EMERGENCY);
    }

    private void outOfDialog(
            Stack stack, RequestEvent event, SIPRequest request, Trunk trunk, InetAddress source)
            throws SipException {
        if (!request.getMethod().equals(Request.ACK) && challenged(stack, event, request, trunk)) {
            return;
        }
        if (!request.getMethod().equals(Request.ACK) && !serves(request)) {
            refuse(stack, event, request, 416, Rejection.URI_SCHEME);
            return;
        }
        switch (request.getMethod()) {
            case Request.INVITE -> invite(stack, event, request, trunk, source);
            case Request.OPTIONS -> options(stack, event, request, source);
            case Request.ACK -> {}
            case Request.BYE, Request.UPDATE, Request.INFO, Request.PRACK ->
                    refuse(stack, event, request, 481, Rejection.NO_SUCH_CALL);
            default -> {
                tally.rejected(Rejection.METHOD);
                boolean known = Methods.KNOWN.contains(request.getMethod());
                Writer writer = new Writer(stack);
                Response response = writer.response(request, known ? 405 : 501, SipText.tag());
                writer.allow(response);
                reply(stack, event, request, response);
            }
        }
    }

    private void options(Stack stack, RequestEvent event, SIPRequest request, InetAddress source)
            throws SipException {
        if (badExtension(stack, event, request)) {
            return;
        }
        Writer writer = new Writer(stack);
        boolean taking = !draining.get() && inbound.takesCalls();
        Response response = writer.response(request, taking ? 200 : 503, SipText.tag());
        writer.describe(response, stack.local((SipProvider) event.getSource(), source));
        writer.header(response, "Accept", "application/sdp");
        reply(stack, event, request, response);
    }

    private void cancel(
            Stack stack,
            RequestEvent event,
            SIPRequest request,
            @Nullable Trunk trunk,
            InetAddress source)
            throws SipException {
        if (trunk == null) {
            tally.rejected(Rejection.NOT_A_TRUNK);
            return;
        }
        DialogTable.Taken taken = calls.taken(first(request));
        if (taken == null
                || !taken.branch().equals(branch(request))
                || !taken.leg().isPeer(source)) {
            refuse(stack, event, request, 481, Rejection.NO_SUCH_CALL);
            return;
        }
        ServerTransaction transaction = transaction(event, request);
        if (transaction != null) {
            taken.leg().cancelled(request, transaction);
        }
    }

    // ------------------------------------------------------------------ a new call

    private void invite(
            Stack stack, RequestEvent event, SIPRequest request, Trunk trunk, InetAddress source)
            throws SipException {
        DialogTable.First first = first(request);
        DialogTable.Taken taken = calls.taken(first);
        if (taken != null) {
            if (taken.branch().equals(branch(request))) {
                taken.leg().repeatAnswer();
            } else {
                // RFC 3261 §8.2.2.2: the same request by two ways.
                refuse(stack, event, request, 482, Rejection.MERGED);
            }
            return;
        }
        if (badExtension(stack, event, request)) {
            return;
        }
        MaxForwardsHeader hops = (MaxForwardsHeader) request.getHeader(MaxForwardsHeader.NAME);
        if (hops != null && hops.getMaxForwards() == 0) {
            // We pass calls on, so a loop could go through us (RFC 7332 §5).
            refuse(stack, event, request, 483, Rejection.LOOP);
            return;
        }
        if (isEmergency(request)) {
            shed(stack, event, request, Rejection.EMERGENCY, 0);
            return;
        }
        Writer writer = new Writer(stack);
        String tag = SipText.tag();
        Stack.Local at = stack.local((SipProvider) event.getSource(), source);
        Dialog dialog = Dialog.called(stack, at, request, tag);
        if (dialog == null || request.getFromTag() == null) {
            // RFC 3261 §8.1.1.8: an INVITE has a Contact, and §8.1.1.3: From has a tag.
            refuse(stack, event, request, 400, Rejection.MALFORMED);
            return;
        }
        long least = stack.settings.minSessionExpires().toSeconds();
        SessionTimer.Asked asked = SessionTimer.Asked.in(request);
        if (asked != null && asked.seconds() < least) {
            tally.rejected(Rejection.SESSION_INTERVAL);
            Response response = writer.response(request, 422, tag);
            writer.header(response, SessionTimer.MIN_SE, Long.toString(least));
            reply(stack, event, request, response);
            return;
        }
        InviteServer.Offer offer = null;
        switch (SdpBody.of(request)) {
            case SdpBody.None none -> {}
            case SdpBody.Described(SessionDescription description) -> {
                switch (Negotiation.of(
                        description, InviteServer.mediaSources(source, trunk), trunk.srtp())) {
                    case Negotiation.Agreed agreed ->
                            offer = new InviteServer.Offer(description, agreed);
                    case Negotiation.Refused refused -> {
                        tally.rejected(Rejection.of(refused));
                        if (refused.unprotected()) {
                            LOG.warn(
                                    "trunk {}: a call was refused (488): {}",
                                    trunk.name(),
                                    refused.why());
                        }
                        Response response = writer.response(request, 488, tag);
                        writer.warning(response, refused.warning(), refused.why(), at);
                        reply(stack, event, request, response);
                        return;
                    }
                }
            }
            case SdpBody.Malformed malformed -> {
                tally.rejected(Rejection.BAD_BODY);
                Response response = writer.response(request, 400, "Bad Session Description", tag);
                writer.warning(response, 399, malformed.why(), at);
                reply(stack, event, request, response);
                return;
            }
            case SdpBody.Foreign foreign -> {
                tally.rejected(Rejection.BAD_BODY);
                Response response = writer.response(request, 415, tag);
                writer.header(response, "Accept", "application/sdp");
                reply(stack, event, request, response);
                return;
            }
        }
        String called = Identity.called(request, trunk, account(stack, trunk));
        CallAdmission admission =
                draining.get()
                        ? new CallAdmission.Draining()
                        : called.length() > MAX_CALLED_LENGTH
                                ? new CallAdmission.UnknownLine()
                                : inbound.admit(trunk.name(), called);
        switch (admission) {
            case CallAdmission.Accepted accepted -> {}
            case CallAdmission.UnknownLine unknown -> {
                refuse(stack, event, request, 404, Rejection.UNKNOWN_LINE);
                return;
            }
            case CallAdmission.Emergency emergency -> {
                shed(stack, event, request, Rejection.EMERGENCY, 0);
                return;
            }
            case CallAdmission.Full(CallAdmission.Limit limit, int retryAfterSeconds) -> {
                shed(stack, event, request, limit.rejection(), retryAfterSeconds);
                return;
            }
            case CallAdmission.Draining drain -> {
                shed(stack, event, request, Rejection.DRAINING, 0);
                return;
            }
        }
        take(stack, event, request, trunk, source, dialog, tag, called, offer, first);
    }

    private static String account(Stack stack, Trunk trunk) {
        for (Account account : stack.settings.accounts()) {
            if (account.trunk().equals(trunk.name())) {
                return account.user();
            }
        }
        return "";
    }

    private void take(
            Stack stack,
            RequestEvent event,
            SIPRequest request,
            Trunk trunk,
            InetAddress source,
            Dialog dialog,
            String tag,
            String called,
            InviteServer.@Nullable Offer offer,
            DialogTable.First first)
            throws SipException {
        ServerTransaction transaction = transaction(event, request);
        if (transaction == null) {
            return;
        }
        String callId = request.getCallId().getCallId();
        InviteServer leg =
                new InviteServer(
                        stack,
                        calls,
                        sources,
                        dialog,
                        callId,
                        tag,
                        request,
                        transaction,
                        source,
                        trunk,
                        called,
                        offer);
        if (calls.take(first, new DialogTable.Taken(branch(request), leg)) != null) {
            return;
        }
        calls.add(callId, tag, leg);
        leg.trying(first);
        try {
            inbound.call(leg);
        } catch (RuntimeException broken) {
            LOG.error("the gateway did not take a call: {}", broken.getClass().getName());
            leg.hangUp(IncomingCall.Ending.FAILURE);
        }
    }

    /**
     * True where the trunk wants a password that was not shown, and was told so. Comes before any
     * other look at the request: every user, line and method is answered alike.
     */
    private boolean challenged(Stack stack, RequestEvent event, SIPRequest request, Trunk trunk)
            throws SipException {
        if (trunk.login().isEmpty()) {
            return false;
        }
        Login login = trunk.login().get();
        Challenging challenging = challenging(stack);
        Challenging.Shown shown = challenging.shown(request, login, trunk.name());
        if (shown == Challenging.Shown.RIGHT) {
            return false;
        }
        if (shown == Challenging.Shown.WRONG) {
            tally.rejected(Rejection.BAD_PASSWORD);
        }
        Writer writer = new Writer(stack);
        Response response = writer.response(request, 401, identity(request).tag());
        boolean stale = shown == Challenging.Shown.STALE;
        for (String challenge : challenging.challenges(login, trunk.name(), stale)) {
            writer.add(response, "WWW-Authenticate", challenge);
        }
        ((SipProvider) event.getSource()).sendResponse(response);
        return true;
    }

    private synchronized Challenging challenging(Stack stack) {
        Challenging there = challenging;
        if (there == null) {
            there = new Challenging(stack.machine.nanos());
            challenging = there;
        }
        return there;
    }

    /** As the screen makes its own of it, which then drops the ACK. */
    private static InviteIdentity identity(SIPRequest request) {
        DialogTable.First first = first(request);
        return InviteIdentity.of(
                first.callId(), first.fromTag(), branch(request), Long.toString(first.cseq()));
    }

    /**
     * 503 without a transaction, as the screen would have answered: under overload nothing is kept
     * of what is turned away but that it was, so that a repetition gets the same (RFC 3261 §8.2.7).
     */
    private void shed(
            Stack stack,
            RequestEvent event,
            SIPRequest request,
            Rejection reason,
            int retryAfterSeconds)
            throws SipException {
        tally.rejected(reason, sources.trunk(request.getRemoteAddress()));
        Writer writer = new Writer(stack);
        InviteIdentity identity = identity(request);
        screen.shed(identity, retryAfterSeconds);
        Response response = writer.response(request, 503, identity.tag());
        if (retryAfterSeconds > 0) {
            writer.header(response, "Retry-After", Integer.toString(retryAfterSeconds));
        }
        stack.trace.saw((SIPMessage) response, true);
        ((SipProvider) event.getSource()).sendResponse(response);
    }

    // ------------------------------------------------------------------ answers

    /** True where the request needs what we do not have (RFC 3261 §8.2.2.3), and was told so. */
    private boolean badExtension(Stack stack, RequestEvent event, SIPRequest request)
            throws SipException {
        List<String> required = HeaderText.tokens(request, "Require");
        List<String> unsupported =
                required.stream().filter(tag -> !Writer.SUPPORTED.contains(tag)).toList();
        if (unsupported.isEmpty()) {
            return false;
        }
        tally.rejected(Rejection.BAD_EXTENSION);
        Writer writer = new Writer(stack);
        Response response = writer.response(request, 420, SipText.tag());
        writer.header(response, "Unsupported", String.join(", ", unsupported));
        reply(stack, event, request, response);
        return true;
    }

    private void refuse(
            Stack stack, RequestEvent event, SIPRequest request, int status, Rejection reason)
            throws SipException {
        boolean call = request.getMethod().equals(Request.INVITE) && request.getToTag() == null;
        tally.rejected(reason, call ? sources.trunk(request.getRemoteAddress()) : null);
        reply(stack, event, request, new Writer(stack).response(request, status, SipText.tag()));
    }

    private static void reply(
            Stack stack, RequestEvent event, SIPRequest request, Response response)
            throws SipException {
        if (lacksHeaders(request)) {
            // The stack makes no transaction for it, so it is answered without one.
            stack.trace.saw((SIPMessage) response, true);
            ((SipProvider) event.getSource()).sendResponse(response);
            return;
        }
        ServerTransaction transaction = transaction(event, request);
        if (transaction != null) {
            stack.trace.saw((SIPMessage) response, true);
            try {
                transaction.sendResponse(response);
            } catch (InvalidArgumentException impossible) {
                throw new SipException("response not sent", impossible);
            }
        }
    }

    /** Such as an INVITE without a Contact (RFC 3261 §8.1.1.8). */
    private static boolean lacksHeaders(SIPRequest request) {
        try {
            request.checkHeaders();
            return false;
        } catch (ParseException missing) {
            return true;
        }
    }

    /** Null where the stack is already at it: a repetition that overtook its first. */
    private static @Nullable ServerTransaction transaction(RequestEvent event, SIPRequest request) {
        ServerTransaction transaction = event.getServerTransaction();
        if (transaction != null) {
            return transaction;
        }
        try {
            return ((SipProvider) event.getSource()).getNewServerTransaction(request);
        } catch (SipException already) {
            return null;
        }
    }

    private static DialogTable.First first(SIPRequest request) {
        String fromTag = request.getFromTag();
        return new DialogTable.First(
                request.getCallId().getCallId(),
                fromTag == null ? "" : fromTag,
                request.getCSeq().getSeqNumber());
    }

    private static String branch(SIPRequest request) {
        String branch = request.getTopmostVia().getBranch();
        return branch == null ? "" : branch;
    }

    // ------------------------------------------------------------------ responses

    @Override
    public void processResponse(ResponseEvent event) {
        Response response = event.getResponse();
        InetAddress source = ((SIPMessage) response).getRemoteAddress();
        ClientTransaction transaction = event.getClientTransaction();
        Stack stack = stack();
        if (stack != null) {
            stack.trace.saw((SIPMessage) response, false);
        }
        try {
            if (transaction != null) {
                if (transaction.getApplicationData() instanceof TransactionUser exchange) {
                    exchange.response(response, source);
                }
            } else {
                stray((SIPMessage) response, response, source);
            }
        } catch (RuntimeException broken) {
            tally.rejected(Rejection.MALFORMED);
            LOG.debug("response not processed: {}", broken.getClass().getName());
        }
    }

    /** A 2xx whose transaction ended with the first 2xx: repeated, or of another fork. */
    private void stray(SIPMessage message, Response response, InetAddress source) {
        if (response.getStatusCode() / 100 != 2
                || !message.getCSeq().getMethod().equals(Request.INVITE)) {
            return;
        }
        String fromTag = message.getFromTag();
        Leg leg = fromTag == null ? null : calls.leg(message.getCallId().getCallId(), fromTag);
        if (leg instanceof InviteClient client && client.isPeer(source)) {
            client.act(() -> client.ok(response, source));
        }
    }

    @Override
    public void processTimeout(TimeoutEvent event) {
        if (!event.isServerTransaction()
                && event.getClientTransaction() != null
                && event.getClientTransaction().getApplicationData()
                        instanceof TransactionUser exchange) {
            exchange.failed(true);
        }
    }

    @Override
    public void processIOException(IOExceptionEvent event) {
        LOG.debug("SIP transport failed ({})", event.getTransport());
    }

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {
        // What hung on it may go: finished transactions linger for half a minute.
        if (event.isServerTransaction()) {
            event.getServerTransaction().setApplicationData(null);
        } else {
            event.getClientTransaction().setApplicationData(null);
        }
    }

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {
        // The stack's dialogs are switched off.
    }
}
