package org.consentgateway.sip.transport;

import gov.nist.core.CommonLogger;
import gov.nist.javax.sip.EventScanner;
import gov.nist.javax.sip.EventWrapper;
import gov.nist.javax.sip.ListeningPointExt;
import gov.nist.javax.sip.SipStackImpl;
import gov.nist.javax.sip.address.AddressFactoryImpl;
import gov.nist.javax.sip.header.HeaderFactoryImpl;
import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.MessageFactoryImpl;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.DefaultRouter;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.SIPClientTransaction;
import gov.nist.javax.sip.stack.SIPServerTransaction;
import gov.nist.javax.sip.stack.SIPTransaction;
import gov.nist.javax.sip.stack.ServerRequestInterface;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EventObject;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TooManyListenersException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.ObjectInUseException;
import javax.sip.PeerUnavailableException;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.SipStack;
import javax.sip.TransactionState;
import javax.sip.TransportNotSupportedException;
import javax.sip.address.AddressFactory;
import javax.sip.address.Hop;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.HeaderFactory;
import javax.sip.header.RouteHeader;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.consentgateway.sip.certificate.Tls;
import org.consentgateway.sip.counters.LiveCounters;
import org.consentgateway.sip.dns.Backoff;
import org.consentgateway.sip.dns.Locator;
import org.consentgateway.sip.dns.ServerAddress;
import org.consentgateway.sip.dns.Transport;
import org.consentgateway.sip.message.SipText;
import org.consentgateway.sip.timer.Alarm;
import org.consentgateway.sip.timer.TransactionTimer;
import org.consentgateway.sip.transport.channel.KeptSockets;
import org.consentgateway.sip.transport.channel.OwnClientTransaction;
import org.consentgateway.sip.transport.channel.OwnConnections;
import org.consentgateway.sip.transport.channel.OwnServerTransaction;
import org.consentgateway.sip.trunk.DisbelievedIdentities;
import org.consentgateway.sip.trunk.OwnAddresses;
import org.consentgateway.sip.trunk.RefusedMedia;
import org.consentgateway.sip.trunk.UnreachedAnswers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JAIN-SIP stack of one endpoint, used for parsing, transports and transactions only: dialogs
 * are ours ({@code Dialog}), since the stack's own hold locks across the listener and answer some
 * requests on their own. Thread-safe.
 */
public final class Stack implements AutoCloseable {
    private static final AtomicLong COUNT = new AtomicLong();

    /** Room for a burst of INVITEs while the one reading thread is busy (bytes). */
    private static final String UDP_BUFFER = Integer.toString(4 * 1024 * 1024);

    /** Long enough for the sockets to be closed. */
    private static final int CLOSING_MILLIS = 100;

    /** Of 64*T1, for an INVITE within a call; as long as timer C of RFC 3261 §16.6, or more. */
    private static final int LONGEST_PATIENCES = 6;

    /**
     * Of T1: how long an answer may take by a connection that the peer has to make, with one packet
     * lost on the way (2 s). The 100 to an INVITE goes out within 200 ms (RFC 3261 §17.2.1).
     */
    private static final int LATE = 4;

    /** Longer than a machine that swaps takes for a message. */
    private static final Duration STUCK = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(Stack.class);

    public final MessageFactory messages = new MessageFactoryImpl();
    public final HeaderFactory headers = new HeaderFactoryImpl();
    public final AddressFactory addresses = new AddressFactoryImpl();
    public final SipSettings settings;
    public final LiveCounters tally;
    public final ScreenedNetwork network;
    public final ClockAndDns machine;
    public final Backoff backoff;
    public final Locator locator;
    public final SipTrace trace;
    public final LocalAddresses locals;
    public final OwnAddresses own;
    public final RefusedMedia refusedMedia;
    public final UnreachedAnswers unreached;
    public final DisbelievedIdentities disbelieved = new DisbelievedIdentities();
    private final SipStackImpl stack;
    private final Alarm alarm;

    /** Whether it was told that nothing is read any more; of {@link #watch}, which runs alone. */
    private volatile boolean told;

    /** For what may wait: DNS, TCP connects, timers' work. */
    public final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public Stack(
            SipSettings settings,
            ScreenedNetwork network,
            ClockAndDns machine,
            SipTrace trace,
            LiveCounters tally,
            SipListener listener)
            throws IOException {
        this.trace = trace;
        this.settings = settings;
        this.machine = machine;
        this.alarm = machine.alarms().get();
        this.backoff = new Backoff(machine.nanos());
        this.locals = new LocalAddresses(settings.advertised(), machine.nanos());
        this.own =
                new OwnAddresses(
                        settings.ownPorts(),
                        locals::listening,
                        LocalAddresses.literals(settings.advertised()),
                        machine.nanos());
        this.refusedMedia = new RefusedMedia(machine.nanos());
        this.unreached = new UnreachedAnswers(machine.nanos());
        this.locator = new Locator(machine.dns(), locals, backoff);
        this.tally = tally;
        this.network = network;
        logThroughSlf4j();
        this.stack = screened(settings, network);
        try {
            for (SipSettings.Listen listen : settings.listen()) {
                listen(listen, listener);
            }
        } catch (IOException | RuntimeException failed) {
            close(); // what listens already, and its threads
            throw failed;
        }
        watch();
    }

    private static SipStackImpl screened(SipSettings settings, ScreenedNetwork network)
            throws IOException {
        try {
            return new ScreenedStack(settings, network);
        } catch (PeerUnavailableException failed) {
            throw doesNotStart(failed);
        }
    }

    private static IOException doesNotStart(Exception failed) {
        return new IOException("SIP does not start: " + failed.getMessage(), failed);
    }

    /** Behind {@link #patience} nobody waits any more for what could not be written. */
    private void watch() {
        network.endStalledWrites(Duration.ofMillis(patience()));
        if (isStuck() && !told) {
            told = true;
            LOG.error(
                    "no SIP messages are read any more: the parser has not come back from one for"
                            + " {} s. Restart; before, have the threads written (kill -QUIT PID)",
                    network.parser().busy().toSeconds());
        }
        later(hurry(), this::watch);
    }

    /**
     * Whether a message keeps its thread, over UDP that of all, in the stack's parser. It is
     * others' code, that of a message takes less than a millisecond, and no exception ends a loop.
     */
    public boolean isStuck() {
        return network.parser().busy().compareTo(STUCK) >= 0;
    }

    /** The stack's logger is one for the whole process; without this it wants log4j 1. */
    private static void logThroughSlf4j() {
        CommonLogger.useLegacyLogger = true;
        CommonLogger.legacyLogger = new StackLog();
    }

    private static Properties properties(SipSettings settings, String suites) {
        Tls tls = settings.tls().orElseGet(Tls::usual);
        Properties properties = new Properties();
        properties.setProperty("javax.sip.STACK_NAME", "sip-" + COUNT.incrementAndGet());
        properties.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", "off");
        String own = "gov.nist.javax.sip.";
        properties.setProperty(own + "AUTOMATIC_DIALOG_ERROR_HANDLING", "false");
        properties.setProperty(own + "STACK_LOGGER", StackLog.class.getName());
        properties.setProperty(own + "SERVER_LOGGER", MessageLog.class.getName());
        properties.setProperty(own + "TIMER_CLASS_NAME", TransactionTimer.class.getName());
        properties.setProperty(own + "REENTRANT_LISTENER", "true");
        properties.setProperty(own + "RELEASE_REFERENCES_STRATEGY", "Aggressive");
        // More than one reading thread lets an ACK fall behind its BYE.
        properties.setProperty(own + "THREAD_POOL_SIZE", "1");
        properties.setProperty(own + "RECEIVE_UDP_BUFFER_SIZE", UDP_BUFFER);
        properties.setProperty(own + "SEND_UDP_BUFFER_SIZE", UDP_BUFFER);
        properties.setProperty(
                own + "MAX_MESSAGE_SIZE", Integer.toString(settings.maxMessageBytes()));
        properties.setProperty(own + "THREAD_PRIORITY", Integer.toString(Thread.NORM_PRIORITY));
        properties.setProperty(own + "TLS_CLIENT_PROTOCOLS", String.join(" ", tls.versions()));
        properties.setProperty(own + "TLS_CLIENT_AUTH_TYPE", tls.clientCertificate().word());
        properties.setProperty(own + "ENABLED_CIPHER_SUITES", suites);
        properties.setProperty(own + "DELIVER_UNSOLICITED_NOTIFY", "true");
        properties.setProperty(own + "PASS_INVITE_NON_2XX_ACK_TO_LISTENER", "false");
        properties.setProperty(own + "PATCH_SIP_WEBSOCKETS_HEADERS", "false");
        return properties;
    }

    private void listen(SipSettings.Listen listen, SipListener listener) throws IOException {
        InetAddress bound = InetAddress.getByName(listen.host());
        int port = listen.port() != 0 ? listen.port() : network.anyPort(bound, listen.transport());
        try {
            SipProvider provider = stack.createSipProvider(point(listen, bound, port));
            provider.addSipListener(listener);
            locals.add(provider, new InetSocketAddress(bound, port), listen);
        } catch (TransportNotSupportedException
                | ObjectInUseException
                | TooManyListenersException failed) {
            throw doesNotStart(failed);
        }
    }

    private ListeningPoint point(SipSettings.Listen listen, InetAddress bound, int port)
            throws IOException, TransportNotSupportedException {
        String transport = listen.transport().parameter();
        try {
            return stack.createListeningPoint(bound.getHostAddress(), port, transport);
        } catch (InvalidArgumentException taken) {
            String host = listen.host().contains(":") ? "[" + listen.host() + "]" : listen.host();
            throw new IOException(
                    "SIP cannot listen on %s:%s:%d: %s"
                            .formatted(transport, host, port, taken.getMessage()),
                    taken);
        }
    }

    public List<InetSocketAddress> listening() {
        return locals.listening();
    }

    public int transactions() {
        return stack.getClientTransactionTableSize() + stack.getServerTransactionTableSize();
    }

    /**
     * Whether a client transaction has this branch (RFC 3261 §17.1.3), or that of a CANCEL does.
     */
    public boolean awaits(String branch) {
        String id = branch.toLowerCase(Locale.ROOT);
        return stack.findTransaction(id, false) != null
                || stack.findTransaction(id + ":cancel", false) != null;
    }

    /** A response that nobody can read; of a final one its request hears that it has failed. */
    public void unreadable(String branch, String method, int status) {
        String id = branch.toLowerCase(Locale.ROOT);
        String key = method.equals(Request.CANCEL) ? id + ":cancel" : id;
        if (status >= Response.OK
                && stack.findTransaction(key, false) instanceof OwnClientTransaction asked
                && asked.getMethod().equals(method)) {
            threads.execute(() -> asked.answeredUnreadably(status));
        }
    }

    /** Runs a task later, on a thread that may wait. */
    public Future<?> after(long millis, Runnable task) {
        return alarm.after(millis, () -> threads.execute(task));
    }

    /** The same, never to be called off. */
    public void later(long millis, Runnable task) {
        Future<?> _ = after(millis, task);
    }

    /**
     * Sends a request in a transaction of its own; waits if the transport does, and for the DNS if
     * the request does not say its server ({@link #toward}).
     */
    public void send(LocalAddress at, Request request, TransactionUser user) {
        try {
            expectProven(find(at, request));
            ClientTransaction transaction = at.provider().getNewClientTransaction(request);
            transaction.setApplicationData(user);
            transaction.setRetransmitTimer((int) t1());
            if (transaction instanceof OwnClientTransaction ours
                    && at.accepts()
                    && !user.hasAnotherWay()) {
                ours.waitsBehindItsConnection(settings.t1().multipliedBy(LATE));
            }
            user.sending(transaction);
            trace.saw((SIPMessage) request, true);
            transaction.sendRequest();
            if (isInCall(request)) {
                later(LONGEST_PATIENCES * patience(), () -> giveUp(transaction, user));
            }
        } catch (SipException | RuntimeException notSent) {
            // The stack throws either for a target it cannot reach.
            user.failed(false);
        }
    }

    /** A connection that is open was proven for another name: as if nobody were reached. */
    private void expectProven(@Nullable ServerAddress to) throws SipException {
        if (to != null && to.transport() == Transport.TLS && !network.isProven(to)) {
            throw new SipException("its certificate does not bear the name that is called");
        }
    }

    /** An INVITE outside of a call is cancelled by whoever sent it. */
    private static boolean isInCall(Request request) {
        return request.getMethod().equals(Request.INVITE)
                && ((SIPRequest) request).getToTag() != null;
    }

    /** Behind a provisional response, the stack itself would wait for ever. */
    private static void giveUp(ClientTransaction transaction, TransactionUser user) {
        if (TransactionState.PROCEEDING.equals(transaction.getState())) {
            end(transaction);
            user.failed(true);
        }
    }

    /** Nothing is expected of it any more. */
    public static void end(ClientTransaction transaction) {
        try {
            transaction.terminate();
        } catch (ObjectInUseException never) {
            throw new IllegalStateException(never); // dialogs are not the stack's
        }
    }

    /**
     * A request without a transaction: an ACK to a 2xx (RFC 3261 §13.2.2.4), or one whose
     * transaction there is already.
     */
    public void sendAlone(LocalAddress at, Request request) throws SipException {
        expectProven(find(at, request));
        trace.saw((SIPMessage) request, true);
        at.provider().sendRequest(request);
    }

    /**
     * A response without a transaction.
     *
     * @param cameBy what its request came by (RFC 3261 §18.2.2)
     */
    public static void respond(SipProvider at, Response response, @Nullable Object cameBy)
            throws SipException {
        try {
            if (!OwnConnections.takes((SIPResponse) response, cameBy)) {
                at.sendResponse(response);
            }
        } catch (IOException notSent) {
            throw new SipException("not sent", notSent);
        }
    }

    /** An empty line twice (RFC 5626 §4.4.1). */
    public void ping(LocalAddress at, ServerAddress server) throws IOException {
        ListeningPointExt point =
                (ListeningPointExt) at.provider().getListeningPoint(server.transport().parameter());
        point.sendHeartbeat(server.address().getAddress().getHostAddress(), server.getPort());
    }

    /** Has a request go to this server, whatever its Request-URI and routes say. */
    public void toward(Request request, ServerAddress server) {
        ((SIPRequest) request).setApplicationData(server);
        if (server.transport() == Transport.TLS && !server.isCaller()) {
            network.named(server.address(), server.name());
        }
    }

    /**
     * Has a request whose next hop the DNS knows go by this server's name, if it leads to the same
     * place as that: whose certificate is known there.
     */
    public static void towardKnown(Request request, ServerAddress server) {
        ((SIPRequest) request).setApplicationData(new Known(server));
    }

    /** A server that a request may turn out to go to. */
    private record Known(ServerAddress server) {
        ServerAddress named(ServerAddress found) {
            return found.place().equals(server.place()) ? server : found;
        }
    }

    /**
     * RFC 3263 for a request whose next hop may be known by name only; may wait for the DNS.
     *
     * @return where it goes; null if nobody knows
     */
    public @Nullable ServerAddress find(LocalAddress at, Request request) {
        return first(findAll(at, request));
    }

    /** That one, and behind it the other servers of its name; none if nobody knows. */
    public List<ServerAddress> findAll(LocalAddress at, Request request) {
        return findAll(at, request, _ -> true);
    }

    /** As {@link #find} where one of its servers has failed already. */
    public @Nullable ServerAddress findOther(
            LocalAddress at, Request request, ServerAddress failed) {
        return first(findAll(at, request, server -> !server.place().equals(failed.place())));
    }

    private static @Nullable ServerAddress first(List<ServerAddress> found) {
        return found.isEmpty() ? null : found.getFirst();
    }

    private List<ServerAddress> findAll(
            LocalAddress at, Request request, Predicate<ServerAddress> wanted) {
        Object told = ((SIPRequest) request).getApplicationData();
        if (told instanceof ServerAddress chosen) {
            return wanted.test(chosen) ? List.of(chosen) : List.of();
        }
        if (!(next(request) instanceof SipURI uri)) {
            return List.of();
        }
        List<ServerAddress> found = new ArrayList<>(locator.locate(uri, at.transport()));
        found.removeIf(wanted.negate());
        if (!found.isEmpty()) {
            if (told instanceof Known known) {
                found.set(0, known.named(found.getFirst()));
            }
            toward(request, found.getFirst());
        }
        return found;
    }

    /** Whether a request goes out by UDP without anybody being asked where to. */
    public static boolean knowsServer(Request request) {
        if (((SIPRequest) request).getApplicationData() instanceof ServerAddress chosen) {
            return chosen.transport() == Transport.UDP;
        }
        return next(request) instanceof SipURI uri && !uri.isSecure() && address(uri) != null;
    }

    private static URI next(Request request) {
        RouteHeader route = (RouteHeader) request.getHeader(RouteHeader.NAME);
        return route == null ? request.getRequestURI() : route.getAddress().getURI();
    }

    /** Where a URI leads; null where the DNS knows it. */
    public static @Nullable InetAddress address(SipURI uri) {
        return SipText.address(Locator.host(uri));
    }

    public long t1() {
        return settings.t1().toMillis();
    }

    /** 64*T1: how long anything of a transaction may still come (RFC 3261 §17). */
    public long patience() {
        return 64 * t1();
    }

    /** How long a server may be silent where there is another to try: 8*T1, 4 s. */
    public long hurry() {
        return 8 * t1();
    }

    @Override
    public void close() {
        alarm.close();
        trace.close();
        threads.shutdown();
        // The stack closes its sockets at once and then sleeps for a second over its tables.
        Thread stopping = Thread.ofPlatform().daemon().name("sip-stop").start(stack::stop);
        try {
            stopping.join(Duration.ofMillis(CLOSING_MILLIS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The stack over our sockets. Thread-safe. */
    private static final class ScreenedStack extends SipStackImpl {
        private final ScreenedNetwork network;
        private boolean connections;

        ScreenedStack(SipSettings settings, ScreenedNetwork network)
                throws PeerUnavailableException {
            super(properties(settings, network.cipherSuites()));
            setMessageParserFactory(_ -> network.parser());
            setMessageProcessorFactory(new OwnConnections());
            ioHandler = new KeptSockets(this);
            networkLayer = network;
            this.network = network;
            setRouter(new ChosenServers(this));
        }

        /**
         * The thread that waits for the stack's next event is not told that there will be none, and
         * would keep all of an ended stack for as long as the process lives. This one is of no
         * provider, so it is passed over.
         */
        @Override
        public void stop() {
            EventScanner waiting = getEventScanner();
            super.stop();
            if (waiting != null) { // not stopped before
                waiting.addEvent(new EventWrapper(new EventObject(this), null));
            }
        }

        /**
         * The stack's own stops it once more, which is a second of the thread that all finalizers
         * wait for, and keeps what has ended for as long. An empty one is none to the machine.
         */
        @Override
        @SuppressWarnings({"removal", "Finalize"})
        protected void finalize() {}

        /**
         * Who reads datagrams asks here, once, how large an array each of them gets; ours get one
         * of their own size ({@link ScreenedDatagrams}). Connections, which ask later, must not be
         * told the same: behind the first of them it stays as it is.
         */
        @Override
        public synchronized ListeningPoint createListeningPoint(
                String address, int port, String transport)
                throws TransportNotSupportedException, InvalidArgumentException {
            connections |= !transport.equals(Transport.UDP.parameter());
            if (connections) {
                return super.createListeningPoint(address, port, transport);
            }
            int most = maxMessageSize;
            maxMessageSize = 1;
            try {
                return super.createListeningPoint(address, port, transport);
            } finally {
                maxMessageSize = most;
            }
        }

        /**
         * Answers go to where a request came from (RFC 3261 §18.2.1). The stack sends them to where
         * the sender's own {@code received} or {@code maddr} says, and asks the DNS for that; the
         * screen refuses a {@code maddr} that it sees, and the stack joins folded lines otherwise.
         */
        @Override
        public ServerRequestInterface newSIPServerRequest(
                SIPRequest request, MessageChannel channel) {
            Via via = request.getTopmostVia();
            if (via.hasParameter(Via.RECEIVED)) {
                String source = channel.getPeerPacketSourceAddress().getHostAddress();
                via.getViaParms().set(Via.RECEIVED, source);
            }
            via.removeParameter(Via.MADDR);
            return super.newSIPServerRequest(request, channel);
        }

        @Override
        public SIPClientTransaction createClientTransaction(
                SIPRequest request, MessageChannel channel) {
            var transaction = new OwnClientTransaction(this, channel);
            transaction.setOriginalRequest(request);
            return transaction;
        }

        @Override
        public SIPServerTransaction createServerTransaction(MessageChannel channel) {
            return new OwnServerTransaction(this, channel);
        }

        @Override
        public MessageChannel createMessageChannel(
                SIPRequest request, MessageProcessor by, Hop next) throws IOException {
            MessageChannel caller = caller(by, next);
            return caller != null ? caller : super.createMessageChannel(request, by, next);
        }

        @Override
        public MessageChannel createRawMessageChannel(String local, int port, Hop next)
                throws UnknownHostException {
            for (MessageProcessor by : getMessageProcessors()) {
                boolean ours =
                        by.getPort() == port && by.getIpAddress().getHostAddress().equals(local);
                MessageChannel caller = ours ? caller(by, next) : null;
                if (caller != null) {
                    return caller;
                }
            }
            return super.createRawMessageChannel(local, port, next);
        }

        /**
         * Whoever has called us by TLS is met over the connection that it has made; but not where
         * we have connected to that address and port ourselves: who comes from there need not be
         * the server whose certificate we have seen.
         */
        private @Nullable MessageChannel caller(MessageProcessor by, Hop next) {
            return next instanceof ServerAddress to
                            && to.isCaller()
                            && to.transport() == Transport.TLS
                            && !network.hasConnected(to.address())
                    ? OwnConnections.accepted(by, to.address())
                    : null;
        }

        /** By its key; the stack asks each transaction that it keeps, of which there are some. */
        @Override
        public @Nullable SIPTransaction findCancelTransaction(SIPRequest cancel, boolean server) {
            String branch = cancel.getTopmostVia().getBranch();
            SIPTransaction cancelled = findTransaction(branch.toLowerCase(Locale.ROOT), server);
            return cancelled != null && cancelled.doesCancelMatchTransaction(cancel)
                    ? cancelled
                    : null;
        }
    }

    /** Sends a request to the server that was chosen for it. Immutable. */
    private static final class ChosenServers extends DefaultRouter {
        ChosenServers(SipStack stack) {
            super(stack, null);
        }

        @Override
        public Hop getNextHop(Request request) throws SipException {
            Object chosen = ((SIPRequest) request).getApplicationData();
            if (request.getHeader(RouteHeader.NAME) == null && chosen instanceof Hop hop) {
                return hop;
            }
            // Asked in any case: it mends the request for strict routers (RFC 3261 §16.12.1.2).
            Hop usual = super.getNextHop(request);
            return chosen instanceof Hop hop ? hop : usual;
        }
    }
}
