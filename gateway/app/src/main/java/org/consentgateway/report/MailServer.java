package org.consentgateway.report;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * Confined to one thread. Hands letters to the company's mail server (RFC 5321), one connection for
 * many. What the server says is never repeated: it names the address.
 */
public final class MailServer implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** How the connection is kept from being read. */
    public enum Security {
        /** STARTTLS; without it nothing is sent. */
        STARTTLS,
        TLS,
        NONE
    }

    /**
     * Immutable. Where it is and as whom we send.
     *
     * @param user empty: none is told
     * @param tls what to believe; empty: the authorities of the Java runtime
     * @param from as in the header
     */
    public record At(
            String host,
            int port,
            Security security,
            String user,
            String password,
            Optional<SSLContext> tls,
            String from) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** What became of a letter. */
    sealed interface Result {
        /** The server answers for it from now on. */
        record Taken() implements Result {}

        /** It was not taken, and can be sent again. */
        record Refused(int code) implements Result {}

        /** The connection broke: it may have been taken. */
        record Unknown() implements Result {}
    }

    private final At at;
    private final Session session;
    private @Nullable SMTPTransport connection;

    public MailServer(At at) {
        this.at = at;
        this.session = Session.getInstance(properties(at));
    }

    private static Properties properties(At at) {
        var all = new Properties();
        String timeout = Long.toString(TIMEOUT.toMillis());
        all.put("mail.smtp.connectiontimeout", timeout);
        all.put("mail.smtp.timeout", timeout);
        all.put("mail.smtp.writetimeout", timeout);
        all.put("mail.smtp.auth", Boolean.toString(!at.user().isEmpty()));
        all.put("mail.smtp.starttls.enable", Boolean.toString(at.security() == Security.STARTTLS));
        all.put(
                "mail.smtp.starttls.required",
                Boolean.toString(at.security() == Security.STARTTLS));
        all.put("mail.smtp.ssl.enable", Boolean.toString(at.security() == Security.TLS));
        all.put("mail.smtp.ssl.checkserveridentity", "true");
        at.tls().ifPresent(tls -> all.put("mail.smtp.ssl.socketFactory", tls.getSocketFactory()));
        return all;
    }

    /**
     * Before anything is noted as begun: where there is no server nothing was tried.
     *
     * @throws IOException saying in one line why not, without what the server said
     */
    void connect() throws IOException {
        SMTPTransport open = connection;
        if (open != null && open.isConnected()) {
            return;
        }
        try {
            var transport = (SMTPTransport) session.getTransport("smtp");
            transport.connect(
                    at.host(),
                    at.port(),
                    at.user().isEmpty() ? null : at.user(),
                    at.user().isEmpty() ? null : at.password());
            connection = transport;
        } catch (AuthenticationFailedException e) {
            throw new IOException("the mail server " + at + " does not take user and password", e);
        } catch (MessagingException e) {
            throw new IOException(
                    "the mail server %s does not answer%s"
                            .formatted(
                                    at, at.security() == Security.NONE ? "" : ", or not with TLS"),
                    e);
        }
    }

    /**
     * @param report named in its Message-ID
     * @param stop where one click ends the reports (RFC 8058); empty for none
     */
    Result send(Letter letter, UUID report, String to, String stop, Instant now) {
        try {
            connect();
        } catch (IOException e) {
            return new Result.Refused(0);
        }
        SMTPTransport open = Objects.requireNonNull(connection);
        try {
            MimeMessage message = message(letter, report, to, stop, now);
            open.sendMessage(message, new Address[] {address(to)});
            return new Result.Taken();
        } catch (MessagingException e) {
            int code = code(e);
            if (code == 0) {
                close();
                return new Result.Unknown();
            }
            return new Result.Refused(code);
        }
    }

    /** What the server replied; 0 where it has not. */
    private static int code(@Nullable Exception failure) {
        return switch (failure) {
            case SMTPAddressFailedException address -> address.getReturnCode();
            case SMTPSenderFailedException sender -> sender.getReturnCode();
            case SMTPSendFailedException send ->
                    send.getReturnCode() >= 400
                            ? send.getReturnCode()
                            : code(send.getNextException());
            case MessagingException other -> code(other.getNextException());
            case null, default -> 0;
        };
    }

    private MimeMessage message(Letter letter, UUID report, String to, String stop, Instant now)
            throws MessagingException {
        String id = "<" + report + "@" + domain(at.from()) + ">";
        var message =
                new MimeMessage(session) {
                    // Names the report, so that it can be found on both sides.
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", id);
                    }
                };
        message.setFrom(address(at.from()));
        message.setRecipient(jakarta.mail.Message.RecipientType.TO, address(to));
        message.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(now));
        message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834 §5
        message.setHeader("Content-Language", letter.language());
        if (!stop.isEmpty()) {
            message.setHeader("List-Unsubscribe", "<" + stop + ">");
            message.setHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        var text = new MimeBodyPart();
        text.setText(letter.text(), StandardCharsets.UTF_8.name());
        var html = new MimeBodyPart();
        html.setText(letter.html(), StandardCharsets.UTF_8.name(), "html");
        message.setContent(new MimeMultipart("alternative", text, html)); // RFC 2046 §5.1.4
        return message;
    }

    private static InternetAddress address(String text) throws MessagingException {
        return new InternetAddress(text, true);
    }

    /** Whether it is one address that mail can be sent to. */
    public static boolean isAddress(String text) {
        try {
            return text.indexOf('@') > 0
                    && text.chars().noneMatch(Character::isISOControl)
                    && address(text).getAddress().length() <= 254;
        } catch (MessagingException e) {
            return false;
        }
    }

    private static String domain(String address) throws MessagingException {
        String plain = address(address).getAddress();
        return plain.substring(plain.indexOf('@') + 1);
    }

    @Override
    public void close() {
        SMTPTransport open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (MessagingException e) {
                // it is gone, which is what is wanted
            }
        }
    }
}
