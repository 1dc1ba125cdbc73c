import type { Texts } from './text.ts';

/** In German. */
export const de: Texts = {
  quoted: '„{word}“',
  reason: 'Grund: {reason}',
  'reason.words': 'beide nennen {words}',
  'reason.category': 'beide gehören zu {name}',
  'reason.tags': 'gemeinsame Stichwörter: {tags}',
  'reason.price': 'der Preis passt',
  'reason.near': '{km} km entfernt',
  'reason.remote': 'geht auch aus der Ferne',
  'reason.availability': 'zur selben Zeit frei ({slots})',
  'suggestion.found.wanter': 'Jemand bietet, was Sie suchen: {title}',
  'suggestion.found.provider': 'Jemand sucht, was Sie anbieten: {title}',
  'suggestion.accepted': 'Jemand möchte auf „{title}“ eingehen',
  'savedSearch.found': 'Neu zu Ihrer Suche „{name}“',
  'listing.expired': '„{title}“ ist abgelaufen',
  'listing.expired.body':
    'Der Eintrag steht nicht mehr im Verzeichnis. Verlängern Sie ihn bei Ihren Einträgen, um ihn wieder zu veröffentlichen.',
  'listing.expiring': '„{title}“ läuft am {date} ab',
  'listing.expiring.body': 'Verlängern Sie den Eintrag bei Ihren Einträgen, damit er im Verzeichnis bleibt.',
  'listing.hidden': '„{title}“ wurde von der Moderation verborgen',
  'listing.unhidden': '„{title}“ ist nicht mehr verborgen',
  'member.applied': 'Jemand möchte beitreten',
  'membership.approved': 'Willkommen bei {community}',
  'membership.rejected': 'Ihr Antrag bei {community} wurde nicht angenommen',
  'membership.suspended': 'Ihre Mitgliedschaft bei {community} ruht',
  'membership.reinstated': 'Ihre Mitgliedschaft bei {community} gilt wieder',
  'import.done': 'Der Import von {file} ist fertig',
  'import.done.body': 'Übernommene Zeilen: {taken} von {total}; abgelehnt: {refused}.',
  'mail.CONFIRM_EMAIL.subject': 'Bestätigen Sie Ihre E-Mail-Adresse',
  'mail.CONFIRM_EMAIL.before':
    'Diese Adresse wurde bei Kith angegeben. Wenn Sie das waren, bestätigen Sie sie mit diesem Link. Er gilt einmal, 24 Stunden lang.',
  'mail.CONFIRM_EMAIL.after': 'Wenn Sie es nicht waren, öffnen Sie den Link nicht: Ohne ihn geschieht nichts.',
  'mail.CONFIRM_EMAIL.link': 'Adresse bestätigen',
  'mail.CHOOSE_PASSWORD.subject': 'Wählen Sie ein Passwort',
  'mail.CHOOSE_PASSWORD.before':
    'Mit dieser Adresse wurde bei Kith mehrmals ein Konto angelegt und nie bestätigt. Wenn Sie das waren, wählen Sie mit diesem Link ein Passwort; er bestätigt auch die Adresse. Er gilt einmal, 2 Stunden lang.',
  'mail.CHOOSE_PASSWORD.after': 'Wenn Sie es nicht waren, öffnen Sie den Link nicht: Ohne ihn geschieht nichts.',
  'mail.CHOOSE_PASSWORD.link': 'Passwort wählen',
  'mail.ADDRESS_IN_USE.subject': 'Sie haben schon ein Konto',
  'mail.ADDRESS_IN_USE.before':
    'Jemand, vielleicht Sie, hat diese Adresse bei Kith für ein Konto angegeben. Es gibt schon eines: Melden Sie sich damit an. Wenn Sie das Passwort vergessen haben, fordern Sie dort ein neues an.',
  'mail.ADDRESS_IN_USE.after':
    'Wenn Sie es nicht waren, ist nichts zu tun: Niemand hat erfahren, dass die Adresse bekannt ist.',
  'mail.ADDRESS_IN_USE.link': 'Anmelden',
  'mail.RESET_PASSWORD.subject': 'Neues Passwort setzen',
  'mail.RESET_PASSWORD.before':
    'Für Ihr Konto bei Kith wurde ein neues Passwort angefordert. Setzen Sie es mit diesem Link. Er gilt einmal, 2 Stunden lang, und beendet alle Ihre Sitzungen.',
  'mail.RESET_PASSWORD.after': 'Wenn Sie es nicht waren, öffnen Sie den Link nicht: Ihr Passwort bleibt, wie es ist.',
  'mail.RESET_PASSWORD.link': 'Neues Passwort setzen',
  'mail.EMAIL_CHANGED.subject': 'Ihre E-Mail-Adresse wurde geändert',
  'mail.EMAIL_CHANGED.before': 'Die Adresse Ihres Kontos bei Kith wurde geändert. Mails gehen von nun an an die neue.',
  'mail.EMAIL_CHANGED.after': 'Wenn Sie es nicht waren, sagen Sie es sofort der Verwaltung Ihrer Gemeinschaft.',
  'mail.EMAIL_CHANGED.link': 'Kith öffnen',
  'mail.PASSWORD_CHANGED.subject': 'Ihr Passwort wurde geändert',
  'mail.PASSWORD_CHANGED.before': 'Das Passwort Ihres Kontos bei Kith wurde geändert, andere Sitzungen wurden beendet.',
  'mail.PASSWORD_CHANGED.after':
    'Wenn Sie es nicht waren, setzen Sie sofort ein neues: Fordern Sie es bei der Anmeldung an.',
  'mail.PASSWORD_CHANGED.link': 'Kith öffnen',
  'mail.notification.link': 'Kith öffnen',
  'mail.notification.after':
    'Sie bekommen diese Mail wegen Ihrer Einstellungen für Benachrichtigungen in dieser Gemeinschaft; dort können Sie sie ändern.',
  'mail.invitation.subject': 'Einladung zu {community}',
  'mail.invitation.before': 'Ein Mitglied von {community} lädt Sie ein beizutreten. Der Link gilt bis {date}.',
  'mail.invitation.link': 'Einladung ansehen',
  'mail.invitation.after': 'Wenn Sie nicht wissen, warum Sie dies bekommen, brauchen Sie nichts zu tun.',
};
