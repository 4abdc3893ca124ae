/**
 * The load generator: callers and assistants by the thousand, with their media, and how late what
 * they heard was.
 */
@NullMarked
package org.consentgateway.bench.load;

import org.jspecify.annotations.NullMarked;
