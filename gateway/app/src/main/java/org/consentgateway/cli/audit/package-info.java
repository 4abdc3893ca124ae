/**
 * Commands for auditors: the log, its receipts, archived texts and keys, the record of processing.
 */
@NullMarked
package org.consentgateway.cli.audit;

import org.jspecify.annotations.NullMarked;
