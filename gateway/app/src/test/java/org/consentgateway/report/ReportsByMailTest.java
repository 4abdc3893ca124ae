package org.consentgateway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.entry.EntryType;
import org.consentgateway.report.CustomerReports.Candidate;
import org.consentgateway.report.ReportRun.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reports that a real mail server gets, and those that it must not get again. */
@Timeout(120)
class ReportsByMailTest {
    private static final String TO = "crm-1,ada@kunde.example";

    @TempDir private Path directory;

    private final GreenMail mail = new GreenMail(setup());
    private Customers customers;

    private static ServerSetup setup() {
        var setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(60_000);
        return setup;
    }

    @BeforeEach
    void start() throws Exception {
        mail.start();
        customers = new Customers(directory, null);
        customers.tie("crm-1", Customers.NUMBER);
        UUID _ = customers.agrees(Customers.NUMBER, "de", "assistant", "report");
    }

    @AfterEach
    void stop() {
        customers.close();
        mail.stop();
    }

    private int port() {
        return mail.getSmtp().getPort();
    }

    private static String state(List<Row> rows) {
        assertThat(rows).hasSize(1);
        return rows.getFirst().state();
    }

    private static String part(MimeMessage message, int index) throws Exception {
        return ((Multipart) message.getContent()).getBodyPart(index).getContent().toString();
    }

    @Test
    void aCustomerGetsItOnceWithAWayToEndItByOneClick() throws Exception {
        customers.stop = "https://nordwind.example/reports/{report}";
        assertThat(state(customers.byMail(port(), TO))).isEqualTo("sent");
        assertThat(state(customers.byMail(port(), TO))).isEqualTo("sent before");

        assertThat(mail.getReceivedMessages()).hasSize(1);
        MimeMessage message = mail.getReceivedMessages()[0];
        Entry due = customers.entries(EntryType.REPORT_DUE).getFirst();
        String link = "https://nordwind.example/reports/" + due.id();
        assertThat(message.getAllRecipients())
                .extracting(Object::toString)
                .containsExactly("ada@kunde.example");
        assertThat(message.getSubject())
                .isEqualTo("Nordwind & Söhne: Ihr Bericht für Oktober 2026");
        assertThat(message.getHeader("Message-ID"))
                .containsExactly("<" + due.id() + "@nordwind.example>");
        assertThat(message.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(message.getHeader("List-Unsubscribe")).containsExactly("<" + link + ">");
        assertThat(message.getHeader("List-Unsubscribe-Post"))
                .containsExactly("List-Unsubscribe=One-Click");
        assertThat(message.getContentType()).startsWith("multipart/alternative");
        assertThat(part(message, 0)).contains("gilt bis 12. Oktober 2027", link);
        assertThat(part(message, 1)).contains("<html lang=\"de\">", "<a href=\"" + link + "\">");
        assertThat(customers.everything())
                .as("addresses are the company's")
                .doesNotContain("kunde.example", Customers.NUMBER);
    }

    @Test
    void withoutAPageToEndItNoHeaderSaysSo() throws Exception {
        assertThat(state(customers.byMail(port(), TO))).isEqualTo("sent");
        assertThat(mail.getReceivedMessages()[0].getHeader("List-Unsubscribe")).isNull();
    }

    @Test
    void whoeverHasNoAddressIsSentNothingAndCanBeLater() throws Exception {
        assertThat(state(customers.byMail(port()))).isEqualTo("left out: no address");
        assertThat(customers.entries(EntryType.REPORT_DUE)).isEmpty();
        assertThat(state(customers.byMail(port(), TO))).isEqualTo("sent");
    }

    @Test
    void whatARunThatDiedHadBegunIsNotSentAgain() throws Exception {
        customers.monthIsOver();
        var log =
                new ReportLog(
                        customers.settings, customers.ledger.pseudonyms(), () -> customers.now);
        customers
                .reports()
                .forEach(
                        customers.terms().newest(customers.now),
                        () -> customers.now,
                        candidate -> {
                            var due = (Candidate.Due) candidate;
                            assertThat(log.begin(log.id(due), due, ReportWay.MAIL)).isTrue();
                            assertThat(log.begin(log.id(due), due, ReportWay.MAIL))
                                    .as("of two at once one is first")
                                    .isFalse();
                        });
        assertThat(state(customers.byMail(port(), TO))).contains("not sent again");
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void whatWasRefusedIsTriedAgainButNotForEver() throws Exception {
        try (var server = new ScriptedMailServer("451 4.3.2 ada@kunde.example later", false)) {
            assertThat(state(customers.byMail(server.port(), TO)))
                    .contains("refused", "451")
                    .doesNotContain("ada");
        }
        assertThat(state(customers.byMail(port(), TO))).isEqualTo("sent");
        assertThat(mail.getReceivedMessages()).hasSize(1);

        UUID _ = customers.agrees("+4940654321", "de", "assistant", "report");
        customers.tie("crm-2", "+4940654321");
        try (var server = new ScriptedMailServer("550 5.1.1 nobody", false)) {
            for (int i = 0; i < ReportStanding.MOST_ATTEMPTS; i++) {
                assertThat(customers.byMail(server.port(), TO, "crm-2,b@kunde.example").getLast())
                        .extracting(Row::state)
                        .asString()
                        .contains("550");
            }
            assertThat(customers.byMail(server.port(), TO, "crm-2,b@kunde.example").getLast())
                    .extracting(Row::state)
                    .asString()
                    .contains("given up");
        }
    }

    @Test
    void whatMayHaveArrivedIsNotSentAgain() throws Exception {
        try (var server = new ScriptedMailServer("250 right", true)) {
            assertThat(state(customers.byMail(server.port(), TO)))
                    .contains("nobody knows whether it arrived");
            assertThat(server.said).contains("DATA", ".");
        }
        assertThat(state(customers.byMail(port(), TO))).contains("begun before");
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    /** It may take as long as it likes. */
    @Test
    void whileItIsSpokenToOtherCommandsWrite() throws Exception {
        try (var server = new ScriptedMailServer("250 right", false)) {
            server.beforeItTakes = customers::anotherCommandWrites;
            assertThat(state(customers.byMail(server.port(), TO))).isEqualTo("sent");
        }
        customers.anotherCommandWrites();
    }

    @Test
    void whereTlsIsWantedNothingIsSentWithoutIt() throws Exception {
        for (var security : List.of(MailServer.Security.STARTTLS, MailServer.Security.TLS)) {
            try (var server = new MailServer(Customers.at(port(), security))) {
                assertThatThrownBy(() -> customers.rows(customers.byMail(server, TO)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("not with TLS");
            }
        }
        assertThat(customers.entries(EntryType.REPORT_DUE)).as("nothing was begun").isEmpty();
        assertThat(mail.getReceivedMessages()).isEmpty();
    }

    @Test
    void aServerThatIsNotThereCostsNobodyAReport() throws Exception {
        int free;
        try (var server = new ScriptedMailServer("250 right", false)) {
            free = server.port();
        }
        assertThatThrownBy(() -> customers.byMail(free, TO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not answer");
        assertThat(state(customers.byMail(port(), TO))).isEqualTo("sent");
    }

    @Test
    void aWrongLineOfAddressesIsNamedAndNotShown() {
        for (String wrong :
                List.of(
                        "crm-1",
                        "crm-1,no-address",
                        "crm-1,a@x.example,b@x.example",
                        "crm-1,a@x.example\ncrm-1,b@x.example",
                        "crm-1,\"a@x.example, b@x.example\"")) {
            assertThatThrownBy(
                            () -> Addresses.read(new StringReader(Addresses.HEADER + "\n" + wrong)))
                    .isInstanceOf(IOException.class)
                    .hasMessageMatching("line [23] of the addresses .*")
                    .hasMessageNotContaining("x.example");
        }
        assertThatThrownBy(() -> Addresses.read(new StringReader("crm-1,a@x.example\n")))
                .hasMessageContaining("the first line");
        assertThat(Optional.of(MailServer.isAddress("a@x.example\r\nBcc: b@x.example")))
                .contains(false);
    }
}
