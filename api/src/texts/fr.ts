import type { Texts } from './text.ts';

/** In French. */
export const fr: Texts = {
  quoted: '« {word} »',
  reason: 'Motif : {reason}',
  'reason.words': 'les deux parlent de {words}',
  'reason.category': 'les deux concernent {name}',
  'reason.meaning': 'les deux désignent la même chose',
  'reason.topic': 'les deux semblent concerner {name}',
  'reason.tags': 'étiquettes communes : {tags}',
  'reason.price': 'le prix convient',
  'reason.near': 'à {km} km',
  'reason.remote': 'possible à distance',
  'reason.availability': 'libres en même temps ({slots})',
  'suggestion.found.wanter': 'Quelqu’un propose ce que vous cherchez : {title}',
  'suggestion.found.provider': 'Quelqu’un cherche ce que vous proposez : {title}',
  'suggestion.accepted': 'Quelqu’un veut donner suite à « {title} »',
  'savedSearch.found': 'Nouveau pour votre recherche « {name} »',
  'listing.expired': '« {title} » a expiré',
  'listing.expired.body':
    'Elle n’est plus dans l’annuaire. Renouvelez-la depuis vos annonces pour la publier à nouveau.',
  'listing.expiring': '« {title} » expire le {date}',
  'listing.expiring.body': 'Renouvelez-la depuis vos annonces pour qu’elle reste dans l’annuaire.',
  'listing.hidden': '« {title} » a été masquée par la modération',
  'listing.unhidden': '« {title} » n’est plus masquée',
  'member.applied': 'Quelqu’un demande à rejoindre la communauté',
  'membership.approved': 'Bienvenue à {community}',
  'membership.rejected': 'Votre demande auprès de {community} n’a pas été acceptée',
  'membership.suspended': 'Votre adhésion à {community} est suspendue',
  'membership.reinstated': 'Votre adhésion à {community} est rétablie',
  'coinage.granted': 'Vous pouvez gagner {amount} de plus en pièces nouvelles',
  'coinage.voided': '{amount} de pièces nouvelles ont été reprises',
  'coinage.founder': 'Vous êtes nommé membre fondateur : vous pouvez acheter avec des pièces nouvelles',
  'karma.awarded': 'Vous avez reçu {points} points de karma',
  'import.done': 'L’importation de {file} est terminée',
  'import.done.body': 'Lignes prises : {taken} sur {total} ; refusées : {refused}.',
  'mail.CONFIRM_EMAIL.subject': 'Confirmez votre adresse e-mail',
  'mail.CONFIRM_EMAIL.before':
    'Cette adresse a été indiquée sur Kith. Si c’était vous, confirmez-la avec ce lien. Il sert une fois, pendant 24 heures.',
  'mail.CONFIRM_EMAIL.after': 'Si ce n’était pas vous, n’ouvrez pas le lien : sans lui, il ne se passe rien.',
  'mail.CONFIRM_EMAIL.link': 'Confirmer l’adresse',
  'mail.CHOOSE_PASSWORD.subject': 'Choisissez votre mot de passe',
  'mail.CHOOSE_PASSWORD.before':
    'Quelqu’un s’est inscrit sur Kith plusieurs fois avec cette adresse, sans jamais la confirmer. Si c’était vous, choisissez un mot de passe avec ce lien ; il confirme aussi l’adresse. Il sert une fois, pendant 2 heures.',
  'mail.CHOOSE_PASSWORD.after': 'Si ce n’était pas vous, n’ouvrez pas le lien : sans lui, il ne se passe rien.',
  'mail.CHOOSE_PASSWORD.link': 'Choisir un mot de passe',
  'mail.ADDRESS_IN_USE.subject': 'Vous avez déjà un compte',
  'mail.ADDRESS_IN_USE.before':
    'Quelqu’un, peut-être vous, a indiqué cette adresse sur Kith pour un compte. Il en existe déjà un : connectez-vous avec elle. Si vous avez oublié le mot de passe, demandez-en un nouveau à cet endroit.',
  'mail.ADDRESS_IN_USE.after':
    'Si ce n’était pas vous, il n’y a rien à faire : personne n’a appris que l’adresse est connue.',
  'mail.ADDRESS_IN_USE.link': 'Se connecter',
  'mail.RESET_PASSWORD.subject': 'Définissez un nouveau mot de passe',
  'mail.RESET_PASSWORD.before':
    'Un nouveau mot de passe a été demandé pour votre compte Kith. Définissez-le avec ce lien. Il sert une fois, pendant 2 heures, et met fin à toutes vos sessions.',
  'mail.RESET_PASSWORD.after': 'Si ce n’était pas vous, n’ouvrez pas le lien : votre mot de passe reste le même.',
  'mail.RESET_PASSWORD.link': 'Définir un nouveau mot de passe',
  'mail.EMAIL_CHANGED.subject': 'Votre adresse e-mail a été changée',
  'mail.EMAIL_CHANGED.before':
    'L’adresse de votre compte Kith a été changée. Les messages vont désormais à la nouvelle.',
  'mail.EMAIL_CHANGED.after': 'Si ce n’était pas vous, prévenez tout de suite l’opérateur de votre communauté.',
  'mail.EMAIL_CHANGED.link': 'Ouvrir Kith',
  'mail.PASSWORD_CHANGED.subject': 'Votre mot de passe a été changé',
  'mail.PASSWORD_CHANGED.before':
    'Le mot de passe de votre compte Kith a été changé et les autres sessions ont pris fin.',
  'mail.PASSWORD_CHANGED.after':
    'Si ce n’était pas vous, définissez-en tout de suite un nouveau : demandez-le à la connexion.',
  'mail.PASSWORD_CHANGED.link': 'Ouvrir Kith',
  'mail.notification.link': 'Ouvrir Kith',
  'mail.notification.after':
    'Vous recevez ce message selon vos préférences de notification dans cette communauté ; vous pouvez les y changer.',
  'mail.invitation.subject': 'Invitation à {community}',
  'mail.invitation.before': 'Un membre de {community} vous invite à la rejoindre. Le lien est valable jusqu’au {date}.',
  'mail.invitation.link': 'Voir l’invitation',
  'mail.invitation.after': 'Si vous ne savez pas pourquoi vous recevez ceci, vous n’avez rien à faire.',
};
