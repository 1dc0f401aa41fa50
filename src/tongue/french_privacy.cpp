#include "tongue/french.h"

namespace vigie::tongue {
namespace {

constexpr Sentence kPrivacySentences[] = {
    {"a currency", "une devise"},
    {"check the rights on it", "vérifiez les droits sur ce fichier"},
    {"only texts, and keys that reference no table, are marked as personal",
     "seuls les textes, et les clés qui ne renvoient à aucune table, sont marqués comme personnels"},
    {"of a table whose rows are persons, say person: true at its head",
     "d'une table dont les lignes sont des personnes, dites person: true en tête"},
    {"a key is hashed, or it stands in clear: privacy: hash",
     "une clé est hachée, ou elle est en clair : privacy: hash"},
    {"an erasure gives the person another key, whatever the map says",
     "un effacement donne une autre clé à la personne, quoi que dise la carte"},
    {"\"{}\" is hashed for another column, and {} reads it in clear",
     "« {} » est hachée pour une autre colonne, et {} la lit en clair"},
    {"say privacy: hash here too, or leave this column out",
     "dites privacy: hash ici aussi, ou laissez cette colonne de côté"},
    {"\"{}\" is no way to protect a column", "« {} » n'est pas une façon de protéger une colonne"},
    {"privacy: hash keeps a keyed digest in place of the value; privacy: personal keeps it until the person is erased",
     "privacy: hash garde une empreinte à clé à la place de la valeur ; privacy: personal la garde jusqu'à ce que la "
     "personne soit effacée"},
    {"`privacy: personal` is for free attributes; the model says of {} whether it is personal",
     "`privacy: personal` est pour les attributs libres ; le modèle dit de {} s'il est personnel"},
    {"`privacy: hash` is for texts and keys; {} is {}", "`privacy: hash` est pour les textes et les clés ; {} est {}"},
    {"a digest is no value of that kind: leave the column out, or map it to an x_ attribute that is text",
     "une empreinte n'est pas une valeur de ce genre : laissez la colonne de côté, ou versez-la dans un attribut x_ de "
     "texte"},
    {"`{}` means nothing beside privacy: hash", "`{}` ne veut rien dire à côté de privacy: hash"},
    {"a digest stands for each value, and tells none of them",
     "une empreinte remplace chaque valeur, et n'en dit aucune"},
    {"the map {} hashes a column, and there is no secret to do it with",
     "la carte {} hache une colonne, et il n'y a pas de secret pour le faire"},
    {"import it into a workspace", "importez-la dans un espace de travail"},
    {"the secret that values of this workspace were hashed with is not there: {}",
     "le secret avec lequel des valeurs de cet espace de travail ont été hachées n'est pas là : {}"},
    {"bring that file back from where the workspace came from; another one would join with nothing",
     "rapportez ce fichier d'où vient l'espace de travail ; un autre ne se joindrait à rien"},
    {"the secret for hashed values is another one than this workspace was made with",
     "le secret des valeurs hachées n'est pas celui avec lequel cet espace de travail a été fait"},
    {"bring the first one back (privacy.key, or what privacy: secret: in vigie.yaml names); under another one nothing "
     "would join with what is there",
     "rapportez le premier (privacy.key, ou ce que nomme privacy: secret: dans vigie.yaml) ; sous un autre, rien ne se "
     "joindrait à ce qui est là"},
    {"the record cannot be taken apart; the map hashes columns, so it is not kept",
     "l'enregistrement ne se laisse pas découper ; la carte hache des colonnes, il n'est donc pas gardé"},
    {"the engine's words are not repeated, for the map hashes columns",
     "les mots du moteur ne sont pas répétés, car la carte hache des colonnes"},
    {"the query met a value that it cannot compute with; it is not repeated, for the map hashes columns",
     "la requête a rencontré une valeur avec laquelle elle ne peut pas calculer ; elle n'est pas répétée, car la carte "
     "hache des colonnes"},
    {"no customer comes from \"{}\"", "aucun client ne vient de « {} »"},
    {"that customer of {} was erased before, and is {} since",
     "ce client de {} a déjà été effacé, et s'appelle {} depuis"},
    {"vigie erase list prints what was erased", "vigie erase list montre ce qui a été effacé"},
    {"no customer has the id \"{}\"", "aucun client n'a l'identifiant « {} »"},
    {"the id is what the source calls the customer", "l'identifiant est ce par quoi la source appelle le client"},
    {"\"{}\" is the id of a customer in several sources: {}",
     "« {} » est l'identifiant d'un client dans plusieurs sources : {}"},
    {"say which is meant: --source {}", "dites laquelle : --source {}"},
    {"it is not said which customer is to be erased", "il n'est pas dit quel client doit être effacé"},
    {"give its id, as its source calls it", "donnez son identifiant, tel que sa source l'appelle"},
    {"nothing was erased, for it was not confirmed", "rien n'a été effacé, faute de confirmation"},
    {"type the word that is asked for, or say --yes", "tapez le mot demandé, ou dites --yes"},
    {"the workspace is being read, or a source is: nothing was erased",
     "l'espace de travail est en cours de lecture, ou une source : rien n'a été effacé"},
    {"ask again when that has ended", "redemandez quand ce sera fini"},
    {"is there room on the disk? An erasure takes twice the size of the warehouse for a moment",
     "reste-t-il de la place sur le disque ? Un effacement prend un moment deux fois la taille de l'entrepôt"},
    {"the warehouse is closed, for it could not be opened again",
     "l'entrepôt est fermé, car il n'a pas pu être rouvert"},
    {"this tells who somebody is: {{from: …, privacy: hash}} stores a digest in its place (docs/privacy.md)",
     "ceci dit qui est quelqu'un : {{from: …, privacy: hash}} range une empreinte à sa place (docs/privacy.md)"},
    {"start Vigie anew", "redémarrez Vigie"},
    {"{} of {} is hashed now, and {} values from before it was stand in clear",
     "{} de {} est haché désormais, et {} valeurs d'avant sont en clair"},
    {"make the workspace anew (vigie init, then import through these maps): keys in clear are other keys than their "
     "digests, and what is replaced stays in freed blocks of the file",
     "refaites l'espace de travail (vigie init, puis un import par ces cartes) : des clés en clair sont d'autres clés "
     "que "
     "leurs empreintes, et ce qui est remplacé reste dans des blocs libérés du fichier"},
    {"the map {} hashes columns, and reads a copy that the workspace holds in clear: {}",
     "la carte {} hache des colonnes, et lit une copie que l'espace de travail tient en clair : {}"},
    {"once it is imported, keep that file elsewhere and name it on the command line",
     "une fois importé, gardez ce fichier ailleurs et nommez-le dans la commande"},
    {"{} hashes columns of its query, and rows of a tap are kept before it",
     "{} hache des colonnes de sa requête, et les lignes d'un tap sont gardées avant elle"},
    {"hash them in a map with input: from_source: true, which names the columns of the stream",
     "hachez-les dans une carte avec input: from_source: true, qui nomme les colonnes du flux"},
    {"the map {} of the preset {} hashes columns, and rows of a tap are kept before it",
     "la carte {} du préréglage {} hache des colonnes, et les lignes d'un tap sont gardées avant elle"},
    {"read that stream by a map of your own: --map STREAM=FILE",
     "lisez ce flux par une carte à vous : --map FLUX=FICHIER"},
    {"the map \"{}\" hashes columns of its query, and events are kept before it",
     "la carte « {} » hache des colonnes de sa requête, et les événements sont gardés avant elle"},
    {"hash members of the events in a map without a query",
     "hachez des membres des événements dans une carte sans requête"},
};

}  // namespace

std::span<const Sentence> privacy_sentences() { return kPrivacySentences; }

}  // namespace vigie::tongue
