/**
 * What is asked of a database server, and of what stands before it, before a log is written to it.
 */
@NullMarked
package org.consentgateway.ledger.server;

import org.jspecify.annotations.NullMarked;
