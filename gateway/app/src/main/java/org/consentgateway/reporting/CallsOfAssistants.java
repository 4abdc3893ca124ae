package org.consentgateway.reporting;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.consentgateway.call.far.HumanTarget;
import org.consentgateway.settings.AssistantAccount;
import org.consentgateway.socket.SocketAssistants;
import org.consentgateway.web.CallControl;

/** Thread-safe. What assistants behind a WebSocket ask for their calls. */
public final class CallsOfAssistants implements CallControl {
    private static final int PREFIX = "CA".length();

    private final SocketAssistants sockets;
    private final Function<String, Optional<HumanTarget>> humans;
    private final Supplier<List<AssistantAccount>> accounts;

    /**
     * @param humans by name or address
     * @param accounts of those there are now
     */
    public CallsOfAssistants(
            SocketAssistants sockets,
            Function<String, Optional<HumanTarget>> humans,
            Supplier<List<AssistantAccount>> accounts) {
        this.sockets = sockets;
        this.humans = humans;
        this.accounts = accounts;
    }

    @Override
    public boolean knows(String account, String token) {
        return of(account)
                .flatMap(one -> one.token().get())
                .filter(secret -> MessageDigest.isEqual(octets(secret), octets(token)))
                .isPresent();
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Optional<AssistantAccount> of(String account) {
        return accounts.get().stream().filter(one -> one.sid().equals(account)).findFirst();
    }

    @Override
    public Answer hangUp(String account, String call) {
        boolean there =
                of(account)
                        .flatMap(one -> id(call).map(id -> sockets.hangUp(one.assistant(), id)))
                        .orElse(false);
        return there ? Answer.DONE : Answer.NO_SUCH_CALL;
    }

    @Override
    public Answer handOver(String account, String call, String to) {
        Optional<AssistantAccount> assistant = of(account).filter(AssistantAccount::refers);
        Optional<HumanTarget> human = humans.apply(to);
        if (assistant.isEmpty() || human.isEmpty()) {
            return Answer.NOT_ALLOWED;
        }
        boolean there =
                id(call).map(id -> sockets.handOver(assistant.get().assistant(), id, human.get()))
                        .orElse(false);
        return there ? Answer.DONE : Answer.NO_SUCH_CALL;
    }

    /** A call's id as it stands in {@code callSid}. */
    private static Optional<UUID> id(String callSid) {
        if (!callSid.matches("CA[0-9a-f]{32}")) {
            return Optional.empty();
        }
        String hex = callSid.substring(PREFIX);
        return Optional.of(
                new UUID(
                        Long.parseUnsignedLong(hex.substring(0, 16), 16),
                        Long.parseUnsignedLong(hex.substring(16), 16)));
    }
}
