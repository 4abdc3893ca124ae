package org.consentgateway.report;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.ledger.store.LedgerUnavailable;

/** How reports get to customers. */
sealed interface Sending {
    ReportWay way();

    /** Why one cannot be sent to this customer; empty where it can. */
    Optional<String> hindrance(Customer customer);

    /**
     * Before a report is noted as begun.
     *
     * @throws IOException where none can be sent now
     */
    void prepare() throws IOException;

    /** What is sent has been noted as begun. Returns what became of it, in words. */
    String send(Customer customer, UUID report, Letter letter)
            throws IOException, LedgerUnavailable;

    /** The company's system is told by the outbox, in the transaction that notes it. */
    record ByEvent() implements Sending {
        @Override
        public ReportWay way() {
            return ReportWay.EVENT;
        }

        @Override
        public Optional<String> hindrance(Customer customer) {
            return Optional.empty();
        }

        @Override
        public void prepare() {}

        @Override
        public String send(Customer customer, UUID report, Letter letter) {
            return "told to the company's system";
        }
    }

    /** By the company's mail server. */
    record ByMail(
            MailServer server,
            Addresses addresses,
            ReportLog log,
            LetterWriter writer,
            InstantSource clock)
            implements Sending {
        @Override
        public ReportWay way() {
            return ReportWay.MAIL;
        }

        @Override
        public Optional<String> hindrance(Customer customer) {
            return addresses.of(customer).isPresent()
                    ? Optional.empty()
                    : Optional.of("no address");
        }

        @Override
        public void prepare() throws IOException {
            server.connect();
        }

        @Override
        public String send(Customer customer, UUID report, Letter letter)
                throws IOException, LedgerUnavailable {
            String to = addresses.of(customer).orElseThrow();
            return switch (server.send(letter, report, to, writer.link(report), clock.instant())) {
                case MailServer.Result.Taken() -> {
                    log.settle(report, customer, "sent", 0);
                    yield "sent";
                }
                case MailServer.Result.Refused(int code) -> {
                    log.settle(report, customer, "refused", code);
                    yield "refused by the mail server (%d); the next run tries again"
                            .formatted(code);
                }
                case MailServer.Result.Unknown() -> {
                    log.settle(report, customer, "unknown", 0);
                    yield "the connection broke: nobody knows whether it arrived; not sent again";
                }
            };
        }
    }
}
