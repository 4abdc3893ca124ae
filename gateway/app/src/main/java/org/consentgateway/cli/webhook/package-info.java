/** Commands for webhooks. */
@NullMarked
package org.consentgateway.cli.webhook;

import org.jspecify.annotations.NullMarked;
