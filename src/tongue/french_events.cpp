#include "tongue/french.h"

namespace vigie::tongue {
namespace {

constexpr Sentence kEventSentences[] = {
    // The journal.
    {"there is no room left to keep events in {}: {}",
     "il n'y a plus de place pour garder des événements dans {} : {}"},
    {"nothing of this request was kept: make room on the disk, and send it again",
     "rien de cette demande n'a été gardé : faites de la place sur le disque et renvoyez-la"},
    {"{} is damaged: of events that are applied, the keys are not known any more",
     "{} est endommagé : les clés des événements déjà appliqués ne sont plus connues"},
    {"an event of the last day that is sent again now counts twice where its map has no key",
     "un événement du dernier jour qui serait renvoyé maintenant compte deux fois si sa carte n'a "
     "pas de clé"},
    {"{}: the record at byte {} is damaged, and was whole when it was acknowledged",
     "{} : l'enregistrement à l'octet {} est endommagé ; il était entier quand il a été confirmé"},
    {"the disk has lost what it had kept: bring the folder back from a copy, or put it aside and have what it holds "
     "from "
     "there on sent again",
     "le disque a perdu ce qu'il avait gardé : reprenez le dossier d'une copie, ou mettez-le de côté et faites "
     "renvoyer "
     "ce qu'il contient à partir de là"},
    {"{}: its head is damaged", "{} : son en-tête est endommagé"},
    {"bring the folder back from a copy", "reprenez le dossier d'une copie"},
    {"{}: the last {} bytes are no whole request, and were cut off at byte {}: they were being written when Vigie "
     "ended, "
     "and as far as can be known nobody was told that they are kept",
     "{} : les {} derniers octets ne font pas une requête entière et ont été coupés à l'octet {} : ils "
     "s'écrivaient "
     "quand Vigie s'est arrêté et, autant qu'on puisse le savoir, personne n'a reçu confirmation qu'ils sont gardés"},
    {"the events of {} are applied up to {} already, and those up to {} came again",
     "les événements de {} sont déjà appliqués jusqu'au {}, et ceux jusqu'au {} sont revenus"},
    {"start Vigie again: it goes on where the warehouse is", "redémarrez Vigie : il continue là où en est l'entrepôt"},
    {"the map \"{}\" is in {} and in {}: nobody knows which is meant",
     "la carte « {} » est dans {} et dans {} : nul ne sait laquelle est visée"},
    {"give one of the two another id", "donnez à l'une des deux un autre identifiant"},
    {"webhooks/{} is not read: webhooks stand in files that end in .yaml",
     "webhooks/{} n'est pas lu : les webhooks sont dans des fichiers qui finissent par .yaml"},
    {"neither headers nor a time are signed here: who overhears a delivery could send it again under another id",
     "ni les en-têtes ni l'heure ne sont signés ici : qui surprend une livraison pourrait la renvoyer sous un autre "
     "identifiant"},
    {"leave id_header out, and equal bodies come in once; or say id: a member of the event",
     "retirez id_header, et des corps égaux n'entrent qu'une fois ; ou indiquez id : un membre de l'événement"},
    {"{} MiB of events wait to be applied, and no more are kept",
     "{} Mio d'événements attendent d'être appliqués ; il n'en est pas gardé davantage"},
    {"/api/v1/events says which map they wait for, and why: mend it, or put a map of its name there whose filter takes "
     "none, then send this again",
     "/api/v1/events dit quelle carte ils attendent, et pourquoi : corrigez-la, ou mettez-y une carte du même nom dont "
     "le filtre ne prend rien, puis renvoyez ceci"},
    {"events {} to {} are missing from {}: a file of it is gone",
     "il manque les événements {} à {} dans {} : un de ses fichiers n'est plus là"},
    {"bring the file back from a copy, or have these events sent again",
     "reprenez le fichier d'une copie, ou faites renvoyer ces événements"},
    {"an event has at most {} bytes, its idempotency key {}",
     "un événement a au plus {} octets, sa clé d'idempotence {}"},
    {"the warehouse has taken events up to {}, and {} ends at {}: it goes on after them",
     "l'entrepôt a pris les événements jusqu'au {}, et {} finit au {} : il continue après eux"},
    {"events cannot be kept: the disk did not take what was written to {}",
     "les événements ne peuvent pas être gardés : le disque n'a pas pris ce qui était écrit dans {}"},
    {"events cannot be kept: {}", "les événements ne peuvent pas être gardés : {}"},
    {"no event is applied any more until Vigie starts again: {}",
     "aucun événement n'est plus appliqué tant que Vigie n'est pas relancé : {}"},
    {"look at the disk, then start Vigie again", "regardez le disque, puis relancez Vigie"},
    // The body of a request.
    {"line {}: this is no JSON: {}", "ligne {} : ce n'est pas du JSON : {}"},
    {"one JSON object, a list of them, or with application/x-ndjson one a line",
     "un objet JSON, une liste d'objets, ou avec application/x-ndjson un par ligne"},
    {"line {}: an event is a JSON object, and this is none",
     "ligne {} : un événement est un objet JSON, et ceci n'en est pas un"},
    {"write an object, with a member for each column of the map",
     "écrivez un objet, avec un membre pour chaque colonne de la carte"},
    {"a request brings {} events at most", "une demande apporte au plus {} événements"},
    {"send them in several requests", "envoyez-les en plusieurs demandes"},
    {"events are sent as application/json, or one a line as application/x-ndjson",
     "les événements s'envoient en application/json, ou un par ligne en application/x-ndjson"},
    {"events are sent as they are, not packed", "les événements s'envoient tels quels, sans compression"},
    {"leave Content-Encoding out", "omettez Content-Encoding"},
    {"line {}: the member \"{}\" is Vigie's own", "ligne {} : le membre « {} » est réservé à Vigie"},
    {"call yours otherwise", "donnez au vôtre un autre nom"},
    {"line {}: the event has no \"{}\", which holds its id",
     "ligne {} : l'événement n'a pas de « {} », qui porte son identifiant"},
    {"give each event an id that no other one has", "donnez à chaque événement un identifiant qu'aucun autre ne porte"},
    {"line {}: \"{}\" is no member of the envelope of an event",
     "ligne {} : « {} » n'est pas un membre de l'enveloppe d'un événement"},
    {"line {}: the event does not say of which map it is", "ligne {} : l'événement ne dit pas de quelle carte il est"},
    {"line {}: \"event\" holds no JSON object", "ligne {} : « event » ne contient pas d'objet JSON"},
    {"write an object with map, id and event, or name the map in the address: ?map=shop_orders",
     "écrivez un objet avec map, id et event, ou nommez la carte dans l'adresse : ?map=shop_orders"},
    {"the body holds no event", "le corps ne contient pas d'événement"},
    {"send at least one JSON object", "envoyez au moins un objet JSON"},
    {"\"id\" names a member of events whose map the address names",
     "« id » nomme un membre d'événements dont l'adresse nomme la carte"},
    {"add map=, or write the id into the envelope of each event",
     "ajoutez map=, ou écrivez l'identifiant dans l'enveloppe de chaque événement"},
    {"this server takes no events", "ce serveur ne prend pas d'événements"},
    {"start one with: vigie serve", "lancez-en un par : vigie serve"},
    // Maps of events.
    {"the map \"{}\" has several inputs, and an event is a record of one",
     "la carte « {} » a plusieurs entrées, et un événement est un enregistrement d'une seule"},
    {"write a map of its own for events", "écrivez une carte à part pour les événements"},
    {"the map \"{}\" does not read JSON lines", "la carte « {} » ne lit pas de lignes JSON"},
    {"say format: jsonl under input", "écrivez format: jsonl sous input"},
    {"the map \"{}\" is of snapshots: what is missing from a file is deleted, and no event holds all",
     "la carte « {} » lit des instantanés : ce qui manque d'un fichier est supprimé, et aucun "
     "événement ne contient tout"},
    {"say mode: upsert", "écrivez mode: upsert"},
    {"no map \"{}\" in the workspace", "aucune carte « {} » dans l'espace"},
    {"the events of the map \"{}\" wait: {}", "les événements de la carte « {} » attendent : {}"},
    {"is there room on the disk? Check the rights on the folder",
     "y a-t-il de la place sur le disque ? Vérifiez les droits sur le dossier"},
    // Webhooks.
    {"there is no webhook \"{}\"", "il n'y a pas de webhook « {} »"},
    {"\"{}\" is no name of a webhook: it stands in an address",
     "« {} » n'est pas un nom de webhook : il figure dans une adresse"},
    {"name its file in small letters, digits, - and _", "nommez son fichier en lettres minuscules, chiffres, - et _"},
    {"this request is not signed as it must be", "cette demande n'est pas signée comme elle doit l'être"},
    {"the webhook \"{}\" is not set up", "le webhook « {} » n'est pas en état"},
    {"the webhook \"{}\" is not set up: {}", "le webhook « {} » n'est pas en état : {}"},
    {"the log of the server says what it lacks", "le journal du serveur dit ce qui lui manque"},
    {"line {}: the event holds no object at \"{}\"", "ligne {} : l'événement n'a pas d'objet à « {} »"},
    {"have the provider send such events alone, or say another `take`",
     "faites envoyer par le fournisseur ces seuls événements, ou écrivez un autre `take`"},
    {"scheme: \"{}\" is not known", "scheme : « {} » est inconnu"},
    {"encoding: \"{}\" is not known", "encoding : « {} » est inconnu"},
    {"{} is for scheme: hmac, and the others have their own", "{} est pour scheme: hmac, et les autres ont les leurs"},
    {"tolerance_seconds must be from 1 to {}", "tolerance_seconds doit aller de 1 à {}"},
    {"HubSpot signs the address that it calls, and url does not say it",
     "HubSpot signe l'adresse qu'il appelle, et url ne la dit pas"},
    {"url: https://HOST/api/v1/webhooks/NAME, as HubSpot has it",
     "url: https://HOST/api/v1/webhooks/NAME, telle que HubSpot la connaît"},
    {"keep is a mapping: name in the record → member of the event",
     "keep est une correspondance : nom dans l'enregistrement → membre de l'événement"},
    {"write one a line: event_type: type", "écrivez-en un par ligne : event_type: type"},
};

}  // namespace

std::span<const Sentence> event_sentences() { return kEventSentences; }

}  // namespace vigie::tongue
