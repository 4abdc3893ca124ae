package org.consentgateway.receipts;

import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.consentgateway.api.ApiArchive;
import org.consentgateway.api.access.AccessRecords;
import org.consentgateway.ledger.entry.Entry;
import org.consentgateway.ledger.proof.Receipt;
import org.consentgateway.ledger.store.LedgerUnavailable;
import org.consentgateway.receipts.ReleasedReceipts.Released;
import org.consentgateway.web.Attempts;

/**
 * Thread-safe. Who shows the right number and code is given the receipts, and that is recorded
 * before. Each try counts, by where it comes from, and by that and the number it names, and what is
 * wrong is told in the same words whatever it is.
 */
public final class ReceiptCounter {
    private static final String BY = "page of receipts";
    private static final String ACTION = "receipts by number and code";
    private static final String NUMBER = "[0-9]{6}";
    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** On one page. */
    private static final int MOST_LISTED = 100;

    /** With what people put between its signs. */
    private static final int LONGEST_CODE = 40;

    private final ReleasedReceipts released;
    private final ApiArchive archive;
    private final AccessRecords records;

    /** A person looks at a handful of receipts; whoever is right uses them up, too. */
    private final Attempts bySource = new Attempts(30, Duration.ofMinutes(1));

    /** By the number alone, which others know, they would use up its owner's. */
    private final Attempts ofNumberBySource = new Attempts(5, Duration.ofMinutes(10));

    public ReceiptCounter(ReleasedReceipts released, ApiArchive archive, AccessRecords records) {
        this.released = released;
        this.archive = archive;
        this.records = records;
    }

    void serve(Context context, ReceiptForms forms, Instant now) throws LedgerUnavailable {
        String number = field(context, "number").replaceAll("\\s", "");
        String code = field(context, "code");
        // Only what may be a number of ours is remembered: nobody fills the memory with others.
        boolean possible = number.matches(NUMBER);
        String here = number + ' ' + context.ip();
        if (!bySource.take(context.ip(), now) || (possible && !ofNumberBySource.take(here, now))) {
            ReceiptServer.tell(context, 429, forms.form("often"));
            return;
        }
        Optional<Released> found =
                released.find(
                        possible ? number : "", code.length() > LONGEST_CODE ? "" : code, now);
        if (found.isEmpty()) {
            records.refused(BY, ACTION, "unknown or wrong");
            ReceiptServer.tell(context, 404, forms.form("wrong"));
            return;
        }
        ofNumberBySource.forget(here);
        show(context, forms, found.get());
    }

    private void show(Context context, ReceiptForms forms, Released found)
            throws LedgerUnavailable {
        String number = field(context, "number").replaceAll("\\s", "");
        String id = field(context, "id");
        if (id.isEmpty()) {
            list(context, forms, found, number);
            return;
        }
        Optional<Entry> wanted =
                id.matches(ID) ? released.entry(found, UUID.fromString(id)) : Optional.empty();
        records.fetched(BY, ACTION, number, wanted.isPresent() ? 1 : 0);
        if (wanted.isEmpty()) {
            ReceiptServer.tell(context, 404, forms.form("wrong"));
        } else {
            receipt(context, forms, wanted.get().id(), found.until());
        }
    }

    /** Of somebody who has agreed in each of very many calls, one page after the other. */
    private void list(Context context, ReceiptForms forms, Released found, String number)
            throws LedgerUnavailable {
        String from = field(context, "from");
        int first = from.matches("[0-9]{1,8}") ? Integer.parseInt(from) : 0;
        List<Entry> wanted =
                found.entries().page(first, MOST_LISTED).stream()
                        .filter(entry -> entry.payload() != null)
                        .toList();
        records.fetched(BY, ACTION, number, wanted.size());
        int next = first + MOST_LISTED;
        ReceiptServer.tell(
                context,
                200,
                forms.list(
                        new ReceiptForms.Shown(number, field(context, "code")),
                        wanted,
                        next < found.entries().size() ? next : 0));
    }

    private void receipt(Context context, ReceiptForms forms, UUID id, Instant until) {
        Receipt receipt;
        try {
            receipt = archive.open().receipt(id, until);
        } catch (IOException e) {
            ReceiptServer.tell(context, 503, forms.form("later")); // no checkpoint covers it yet
            return;
        }
        if (field(context, "as").equals("json")) {
            context.header("Content-Disposition", "attachment; filename=\"receipt.json\"")
                    .contentType("application/json")
                    .result(receipt.json().toPrettyString());
        } else {
            ReceiptServer.tell(context, 200, receipt.page(forms.language()));
        }
    }

    private static String field(Context context, String name) {
        return Objects.requireNonNullElse(context.formParam(name), "").strip();
    }
}
