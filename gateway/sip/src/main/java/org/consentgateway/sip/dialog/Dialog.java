package org.consentgateway.sip.dialog;

import gov.nist.javax.sip.message.SIPMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import javax.sip.address.Address;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.ContactHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.Header;
import javax.sip.header.ReasonHeader;
import javax.sip.header.RecordRouteHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.auth.Credentials;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.message.HeaderText;
import org.consentgateway.sip.transport.LocalAddress;
import org.consentgateway.sip.transport.Stack;
import org.consentgateway.sip.transport.Writer;
import org.jspecify.annotations.Nullable;

/** The peer-to-peer relationship of RFC 3261 §12. Confined to its leg's lock. */
public final class Dialog {
    /** Proxies before a request is given up (RFC 3261 §8.1.1.6). */
    private static final int MAX_FORWARDS = 70;

    /** The stack takes any number for one. */
    private static final int MAX_PORT = 65_535;

    private static final int MAX_ROUTES = 32;

    private final Stack stack;
    private final LocalAddress at;
    private final Ends ends;
    private final Way way;
    private URI remoteTarget;
    private long localCSeq;
    private long remoteCSeq = -1;

    /** Whether its requests go where its INVITE went ({@link #detour}). */
    private boolean detoured;

    /**
     * Both ends, as From and To name them.
     *
     * @param remote as the other side wrote itself: who has a tag that is no token (RFC 3261 §25.1)
     *     finds no call by another, though to us it has none
     */
    private record Ends(String callId, Address local, String localTag, ToHeader remote) {
        String remoteTag() {
            String tag = remote.getTag();
            return tag == null ? "" : tag;
        }
    }

    /**
     * How requests get there.
     *
     * @param routes the route set
     * @param dialled whom we dialled; null if we were called
     * @param connection the other end of the connection that we were called by; null over UDP, and
     *     if we called
     */
    private record Way(
            List<Address> routes,
            @Nullable ServerAddress dialled,
            @Nullable InetSocketAddress connection) {}

    /**
     * What its dialogs take over of an INVITE of ours, which is not kept itself: with its body and
     * all that it tells it is some 10 KB. Immutable.
     *
     * @param dialled the server it went to; null: found by the stack
     * @param credentials that its ACK bears as well (RFC 3261 §22.1)
     */
    record Asked(
            String callId,
            Address from,
            String fromTag,
            long cseq,
            URI target,
            @Nullable ServerAddress dialled,
            List<Header> credentials) {
        static Asked by(Request invite) {
            FromHeader from = (FromHeader) invite.getHeader(FromHeader.NAME);
            SIPMessage message = (SIPMessage) invite;
            return new Asked(
                    message.getCallId().getCallId(),
                    from.getAddress(),
                    from.getTag(),
                    Dialog.cseq(invite),
                    invite.getRequestURI(),
                    message.getApplicationData() instanceof ServerAddress server ? server : null,
                    Credentials.in(invite));
        }
    }

    private Dialog(Stack stack, LocalAddress at, Ends ends, Way way, URI remoteTarget) {
        this.stack = stack;
        this.at = at;
        this.ends = ends;
        this.way = way;
        this.remoteTarget = remoteTarget;
    }

    /**
     * RFC 3261 §12.1.1: we were called.
     *
     * @return null if the INVITE has no Contact to send requests to, or a tag that is no token
     */
    public static @Nullable Dialog called(
            Stack stack, LocalAddress at, Request invite, String localTag) {
        URI target = contact(invite);
        FromHeader from = (FromHeader) invite.getHeader(FromHeader.NAME);
        ToHeader to = (ToHeader) invite.getHeader(ToHeader.NAME);
        ToHeader caller = caller(stack, from);
        if (target == null || caller == null) {
            return null;
        }
        SIPMessage message = (SIPMessage) invite;
        Ends ends = new Ends(message.getCallId().getCallId(), to.getAddress(), localTag, caller);
        InetSocketAddress connection =
                at.transport() == Transport.UDP
                        ? null
                        : new InetSocketAddress(
                                message.getRemoteAddress(), message.getRemotePort());
        Way way = new Way(routes(invite), null, connection);
        Dialog dialog = new Dialog(stack, at, ends, way, target);
        dialog.remoteCSeq = cseq(invite);
        return dialog;
    }

    private static @Nullable ToHeader caller(Stack stack, FromHeader from) {
        try {
            return stack.headers.createToHeader(from.getAddress(), from.getTag());
        } catch (ParseException noToken) {
            return null;
        }
    }

    /** RFC 3261 §12.1.2: we called, and this is a 2xx. */
    static Dialog answered(Stack stack, LocalAddress at, Asked asked, Response ok) {
        ToHeader to = (ToHeader) ok.getHeader(ToHeader.NAME);
        Ends ends = new Ends(asked.callId(), asked.from(), asked.fromTag(), (ToHeader) to.clone());
        Way way = new Way(routes(ok).reversed(), asked.dialled(), null);
        URI contact = contact(ok);
        Dialog dialog =
                new Dialog(stack, at, ends, way, contact != null ? contact : asked.target());
        dialog.localCSeq = asked.cseq();
        dialog.detourUnlessWhole(ok);
        return dialog;
    }

    /** A route of which one part cannot be used leads nowhere. */
    private void detourUnlessWhole(Response ok) {
        int recorded = HeaderText.all(ok, RecordRouteHeader.NAME).size();
        if (way.routes().size() < Math.min(recorded, MAX_ROUTES)) {
            boolean _ = detour();
        }
    }

    /**
     * From now on its requests go to the server that its INVITE went to, whatever its Contact and
     * Record-Route say: the alternate destination of RFC 3261 §8.1.2 for those that lead nowhere.
     *
     * @return false if that is so already, or there is no such server, or one without TLS for a
     *     SIPS URI
     */
    boolean detour() {
        ServerAddress server = way.dialled();
        boolean secure = remoteTarget instanceof SipURI uri && uri.isSecure();
        if (detoured || server == null || (secure && server.transport() != Transport.TLS)) {
            return false;
        }
        detoured = true;
        return true;
    }

    boolean isDetoured() {
        return detoured;
    }

    static long cseq(Message message) {
        return ((SIPMessage) message).getCSeq().getSeqNumber();
    }

    /** Whether a dialog can be made with who sends this. */
    public static boolean hasContact(Message message) {
        return contact(message) != null;
    }

    private static @Nullable URI contact(Message message) {
        ContactHeader contact = (ContactHeader) message.getHeader(ContactHeader.NAME);
        if (contact == null
                || contact.getAddress() == null
                || contact.getAddress().isWildcard()
                || !(contact.getAddress().getURI() instanceof SipURI uri)
                || leadsNowhere(uri)) {
            return null;
        }
        return uri;
    }

    private static boolean leadsNowhere(SipURI next) {
        return next.getPort() > MAX_PORT;
    }

    private static List<Address> routes(Message message) {
        List<Address> routes = new ArrayList<>();
        var recorded = message.getHeaders(RecordRouteHeader.NAME);
        while (recorded != null && recorded.hasNext() && routes.size() < MAX_ROUTES) {
            if (recorded.next() instanceof RecordRouteHeader route
                    && route.getAddress().getURI() instanceof SipURI uri
                    && !leadsNowhere(uri)) {
                routes.add(route.getAddress());
            }
        }
        return routes;
    }

    LocalAddress at() {
        return at;
    }

    String callId() {
        return ends.callId();
    }

    String localTag() {
        return ends.localTag();
    }

    String remoteTag() {
        return ends.remoteTag();
    }

    /** RFC 3261 §12.2.2: a target refresh request or its 2xx moves the target. */
    void refreshTarget(Message message) {
        URI contact = contact(message);
        if (contact != null) {
            remoteTarget = contact;
        }
    }

    /**
     * The 2xx to an INVITE whose 1xx made this dialog: its route set counts (RFC 3261 §13.2.2.4).
     */
    Dialog confirmed(Response ok) {
        Way recorded = new Way(routes(ok).reversed(), way.dialled(), way.connection());
        Dialog confirmed = new Dialog(stack, at, ends, recorded, remoteTarget);
        confirmed.localCSeq = localCSeq;
        confirmed.remoteCSeq = remoteCSeq;
        confirmed.refreshTarget(ok);
        confirmed.detourUnlessWhole(ok);
        return confirmed;
    }

    /** False if the request is out of order (RFC 3261 §12.2.2). */
    boolean takes(long cseq) {
        if (cseq <= remoteCSeq) {
            return false;
        }
        remoteCSeq = cseq;
        return true;
    }

    /**
     * The address the next request goes to: that of a maddr where there is one (RFC 3261 §19.1.1);
     * null where the DNS knows it.
     */
    @Nullable InetAddress nextAddress() {
        ServerAddress server = way.dialled();
        if (detoured && server != null) {
            return server.address().getAddress();
        }
        return next() instanceof SipURI uri ? Stack.address(uri) : null;
    }

    /** From where the next request goes: the next hop may want another transport than came in. */
    LocalAddress route() {
        if (detoured) {
            return at;
        }
        Transport wanted = next() instanceof SipURI uri ? wanted(uri) : at.transport();
        if (wanted == at.transport()) {
            return at;
        }
        InetAddress peer = nextAddress();
        LocalAddress other =
                stack.locals.facing(wanted, peer != null ? peer : at.bound().getAddress());
        return other != null ? other : at;
    }

    private Transport wanted(SipURI uri) {
        Transport told = Transport.of(uri.getTransportParam());
        return uri.getTransportParam() == null || told == null ? at.transport() : told;
    }

    private URI next() {
        return way.routes().isEmpty() ? remoteTarget : way.routes().getFirst().getURI();
    }

    /** For a request that is sent once more, with a password. */
    long nextNumber() {
        return ++localCSeq;
    }

    /** RFC 3261 §12.2.1.1. */
    Request request(String method) throws SipException {
        return request(method, ++localCSeq);
    }

    /**
     * The same request in another transaction, by the way there is now: the connection that it went
     * over has ended. It is no new one, so its number stays (RFC 3263 §4.3).
     */
    Request again(Request before) throws SipException {
        Request again = request(before.getMethod(), cseq(before));
        Header reason = before.getHeader(ReasonHeader.NAME);
        if (reason != null) {
            again.setHeader(reason);
        }
        Credentials.in(before).forEach(again::addHeader);
        return again;
    }

    /** The ACK for a 2xx bears the number of its INVITE (RFC 3261 §13.2.2.4). */
    Request ack(long cseq) throws SipException {
        return request(Request.ACK, cseq);
    }

    private Request request(String method, long cseq) throws SipException {
        try {
            LocalAddress from = route();
            ViaHeader via = new Writer(stack).via(from);
            Request request =
                    stack.messages.createRequest(
                            (URI) remoteTarget.clone(),
                            method,
                            stack.headers.createCallIdHeader(ends.callId()),
                            stack.headers.createCSeqHeader(cseq, method),
                            stack.headers.createFromHeader(ends.local(), ends.localTag()),
                            (ToHeader) ends.remote().clone(),
                            new ArrayList<>(List.of(via)),
                            stack.headers.createMaxForwardsHeader(MAX_FORWARDS));
            request.setHeader(
                    stack.headers.createUserAgentHeader(List.of(stack.settings.userAgent())));
            ServerAddress server = way.dialled();
            if (detoured && server != null) {
                stack.toward(request, server);
                return request;
            }
            for (Address route : way.routes()) {
                RouteHeader header = stack.headers.createRouteHeader((Address) route.clone());
                request.addHeader(header);
            }
            if (!keepConnection(request, from)) {
                keepName(request, from);
            }
            return request;
        } catch (ParseException | InvalidArgumentException impossible) {
            throw new SipException("request not made", impossible);
        }
    }

    /**
     * Who called over a connection is met there for as long as it is open: behind a NAT there is no
     * other way, and over TLS no other certificate to be asked for (RFC 5923 §5).
     */
    private boolean keepConnection(Request request, LocalAddress from) {
        InetSocketAddress there = way.connection();
        if (there == null || from.transport() != at.transport() || !stack.network.isOpen(there)) {
            return false;
        }
        stack.toward(request, ServerAddress.caller(at.transport(), there));
        return true;
    }

    /**
     * Over TLS, whoever was dialled by name is met by that name for as long as the call lasts, also
     * where its Contact bears another address, or another name of the same place: else neither SNI
     * nor certificate would fit.
     */
    private void keepName(Request request, LocalAddress from) {
        ServerAddress before = way.dialled();
        InetAddress address = nextAddress();
        if (before == null
                || before.transport() != Transport.TLS
                || from.transport() != Transport.TLS
                || !(next() instanceof SipURI uri)) {
            return;
        }
        if (address == null) {
            Stack.towardKnown(request, before);
            return;
        }
        int port = uri.getPort() > 0 ? uri.getPort() : Transport.TLS.usualPort();
        stack.toward(
                request,
                new ServerAddress(
                        Transport.TLS, new InetSocketAddress(address, port), before.name()));
    }
}
